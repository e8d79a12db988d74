"""One invented person's results that hang together: indices, differential, lipids, kidneys. No medicine rests on it."""

from __future__ import annotations

from random import Random

from bench.reports.catalogue import _yaml


def factors() -> dict[str, dict[str, float]]:
    """Per linked test: unit -> what its own number is multiplied by."""
    return _yaml("factors.yaml")


def draw(rng: Random, low: float, high: float, floor: float, ceiling: float) -> float:
    """Mostly between two limits, else beyond one of them and then mostly near it."""
    side = rng.random()
    if side < 0.14 and low > floor:
        return low - (low - floor) * rng.random() ** 2
    if side < 0.36 and ceiling > high:
        return high + (ceiling - high) * rng.random() ** 2
    return rng.uniform(low, high)


def _blood(rng: Random, sex: str) -> dict[str, float]:
    hb = draw(rng, *((135, 175) if sex == "M" else (120, 155)), 62, 192)
    mcv, mchc = draw(rng, 81, 97, 62, 121), draw(rng, 322, 358, 285, 371)
    haematocrit = hb / mchc
    return {
        "haemoglobin": hb,
        "mcv": mcv,
        "mchc": mchc,
        "haematocrit": haematocrit,
        "erythrocytes": haematocrit / mcv * 1000,
        "mch": mchc * mcv / 1000,
    }


def _white(rng: Random) -> dict[str, float]:
    total = draw(rng, 4.1, 9.9, 1.3, 28)
    parts = {
        "neutrophils": draw(rng, 45, 70, 22, 88),
        "lymphocytes": draw(rng, 20, 42, 6, 60),
        "monocytes": draw(rng, 3, 10, 1, 16),
        "eosinophils": draw(rng, 1, 5, 0.1, 16),
        "basophils": rng.uniform(0.1, 1.4),
    }
    scale = 100 / sum(parts.values())
    found = {"leukocytes": total}
    for name, share in parts.items():
        percent = round(share * scale, 1)
        found[f"{name}-percent"] = percent
        found[name] = total * percent / 100
    found["immature-granulocytes-percent"] = rng.choice([0.2, 0.3, 0.4, 0.5, 1.2])
    found["immature-granulocytes"] = total * found["immature-granulocytes-percent"] / 100
    return found


def _fats(rng: Random) -> dict[str, float]:
    hdl, triglycerides, ldl = (
        draw(rng, 1.1, 2.0, 0.6, 2.7),
        draw(rng, 0.6, 1.6, 0.4, 4.2),
        draw(rng, 1.5, 3.3, 0.8, 6.4),
    )
    total = hdl + ldl + triglycerides / 2.2
    return {
        "hdl-cholesterol": hdl,
        "triglycerides": triglycerides,
        "ldl-cholesterol": ldl,
        "cholesterol-total": total,
        "non-hdl-cholesterol": total - hdl,
        "vldl-cholesterol": triglycerides / 2.2,
        "cholesterol-hdl-ratio": total / hdl,
    }


def _kidney(rng: Random, sex: str, age: int) -> dict[str, float]:
    creatinine = draw(rng, *((66, 102) if sex == "M" else (51, 88)), 40, 430)
    mg, kappa, alpha = creatinine / 88.4, *((0.9, -0.302) if sex == "M" else (0.7, -0.241))
    rate = 142 * min(mg / kappa, 1) ** alpha * max(mg / kappa, 1) ** -1.2 * 0.9938**age * (1.012 if sex == "F" else 1)
    urea = draw(rng, 2.7, 7.3, 1.7, 26)
    return {"creatinine": creatinine, "egfr": rate, "urea": urea, "urea-nitrogen": urea}


def _rest(rng: Random) -> dict[str, float]:
    bilirubin = draw(rng, 4, 20, 3, 160)
    direct = bilirubin * rng.uniform(0.15, 0.4)
    albumin, protein = draw(rng, 36, 51, 21, 55), draw(rng, 65, 82, 55, 94)
    albumin = min(albumin, protein - 14)
    calcium = draw(rng, 2.17, 2.54, 1.7, 3.3)
    iron, transferrin = draw(rng, 11, 29, 2.5, 45), draw(rng, 2.05, 3.5, 1.3, 4.6)
    a1c = draw(rng, 4.6, 5.9, 4.4, 12.4)
    return {
        "bilirubin-total": bilirubin,
        "bilirubin-direct": direct,
        "bilirubin-indirect": bilirubin - direct,
        "albumin": albumin,
        "total-protein": protein,
        "globulin": protein - albumin,
        "albumin-globulin-ratio": albumin / (protein - albumin),
        "calcium": calcium,
        "calcium-corrected": calcium + 0.02 * (40 - albumin),
        "iron": iron,
        "transferrin": transferrin,
        "tibc": transferrin * 25.1,
        "transferrin-saturation": iron / (transferrin * 25.1) * 100,
        "hba1c": a1c,
        "estimated-average-glucose": 28.7 * a1c - 46.7,
        "glucose-fasting": draw(rng, 4.1, 5.9, 2.6, 17),
        "uric-acid": draw(rng, 205, 335, 120, 690),
        "vitamin-d": draw(rng, 51, 120, 13, 220),
        "vitamin-b12": draw(rng, 150, 560, 80, 1200),
        "free-t4": draw(rng, 12.2, 21.5, 4, 55),
    }


def results(rng: Random, sex: str, age: int) -> dict[str, float]:
    """Linked results of a person, each in the first unit of `data/factors.yaml`."""
    return _blood(rng, sex) | _white(rng) | _fats(rng) | _kidney(rng, sex, age) | _rest(rng)


def in_unit(results: dict[str, float], test: str, unit: str) -> float | None:
    """A linked result in a unit; None for a test that stands alone."""
    if test not in results:
        return None
    if test == "hba1c" and unit == "mmol/mol":
        return 10.93 * results[test] - 23.5
    return results[test] * factors()[test][unit]
