"""Claims of the prose that hold no number: names of cases, comparisons, solutions, exceptions."""

import pytest

CONDITIONS = ["RES", "INS", "MIS", "ACC", "ENG"]
CHALLENGES = ["RES", "DIV", "INS", "MIS"]
CORE = {"RES", "INS", "MIS", "~ACC"}


@pytest.fixture(scope="session")
def scores(results):
    """Final scores: one row per case, one column per construct, blank where not mentioned."""
    return results["matrix"].set_index("case_id").drop(columns="city")


@pytest.fixture(scope="session")
def complete(scores):
    """The complete cases of the model of trust."""
    return scores[[*CONDITIONS, "TRU"]].dropna()


@pytest.fixture(scope="session")
def runs(results):
    """The robustness runs of the model of trust."""
    return results["robustness"].query("model == 'trust'")


def models(expression):
    """The tied models of a printed expression, each a set of terms, each a set of literals."""
    if not isinstance(expression, str):
        return []
    left = expression.split(" => ")[0]
    return [
        {frozenset(term.split("*")) for term in model.split(" + ")} for model in left.split(" or ")
    ]


def terms(*expressions):
    """A set of terms, each a set of literals."""
    return {frozenset(each.split("*")) for each in expressions}


def solution(results, model, outcome, kind="intermediate"):
    """The models of one solution."""
    table = results["formulas"]
    chosen = table.query("model == @model and outcome == @outcome and solution == @kind")
    return [found for text in chosen["expression"] for found in models(text)]


def run(runs, outcome, setting, value):
    """The models of one robustness run."""
    chosen = runs.query("outcome == @outcome and setting == @setting")
    chosen = chosen[chosen["value"].astype(str) == value]
    assert len(chosen) == 1
    return models(chosen["expression"].iloc[0])


def members(results, outcome, term):
    """The cases of one term of an intermediate solution for trust."""
    table = results["solutions"].query(
        "model == 'trust' and outcome == @outcome and solution == 'intermediate' and term == @term"
    )
    assert len(table) == 1
    return set(table["cases"].iloc[0].split())


# Prevalence and associations


def test_every_challenge_is_present_in_a_majority(results):
    """Each of the four is present in more than half of the cases that speak to it."""
    table = results["prevalence"].query("group == 'challenge'")
    assert set(CHALLENGES) == set(table["construct"])
    assert (table["share"] > 0.5).all()


def test_mistrust_is_the_most_general_challenge(results):
    """No challenge has a larger share of present cases."""
    table = results["prevalence"].query("group == 'challenge'").set_index("construct")
    assert "MIS" == table["share"].idxmax()


def test_two_pairs_of_challenges_meet_more_often_than_expected(results):
    """The other four stay within three percentage points of the product of their shares."""
    table = results["cooccurrence"].set_index(["construct_a", "construct_b"])
    pairs = [pair for pair in table.index if set(pair) <= set(CHALLENGES)]
    excess = (table["share_both"] - table["expected_share"]).loc[pairs]
    assert 6 == len(excess)
    assert {("RES", "INS"), ("DIV", "MIS")} == set(excess[excess.abs() > 0.03].index)
    assert (excess[excess.abs() > 0.03] > 0).all()


def test_five_cases_are_fully_out_of_scarcity(scores):
    """Toowoomba is one of them."""
    out = set(scores.index[scores["RES"] == 0])
    assert 5 == len(out)
    assert "toowoomba-beat-policing" in out


def test_diversity_is_the_challenge_most_often_left_out(results):
    """No challenge has more cases without a score."""
    table = results["prevalence"].query("group == 'challenge'").set_index("construct")
    assert "DIV" == table["n_missing"].idxmax()


def test_blanks_are_rarest_for_engagement(results):
    """It has none; the three constructs with most blanks are DIV, CUL and ACC."""
    missing = results["prevalence"].set_index("construct")["n_missing"]
    assert 0 == missing["ENG"]
    assert {"DIV", "CUL", "ACC"} == set(missing.nlargest(3).index)


def test_the_strategies_rank_as_said(results):
    """Engagement is the commonest and accountability the rarest."""
    share = results["prevalence"].query("group == 'strategy'").set_index("construct")["share"]
    assert ("ENG", "ACC") == (share.idxmax(), share.idxmin())


def test_full_accountability_is_in_the_four_named_cases(scores):
    """Three owe it to outsiders; Fuenlabrada is the fourth."""
    assert {
        "belfast-policing-with-the-community",
        "cincinnati-collaborative-agreement",
        "fuenlabrada-diversity-policing",
        "newark-consent-decree",
    } == set(scores.index[scores["ACC"] == 1])


def test_engagement_is_mostly_modest(scores):
    """Of the cases in the set, most are not fully in it."""
    inside = scores["ENG"][scores["ENG"] > 0.5]
    assert (inside < 1).mean() > 0.5


def test_no_association_survives_the_correction(results):
    """Every corrected p is above 0.05."""
    assert (results["association"]["p_holm"] > 0.05).all()


def test_all_intervals_but_one_include_zero(results):
    """The exception is engagement with durability."""
    table = results["association"]
    apart = table[(table["tau_low"] > 0) | (table["tau_high"] < 0)]
    assert [("ENG", "SUS")] == list(zip(apart["condition"], apart["outcome"], strict=True))


def test_only_resistance_sets_improved_trust_apart(results):
    """Among the uncorrected tests of trust it alone is below 0.05, with odds below 1."""
    table = results["association"].query("outcome == 'TRU' and p_exact < 0.05")
    assert ["INS"] == list(table["condition"])
    assert (table["odds_ratio"] < 1).all()


def test_engagement_is_found_as_often_without_improvement(results):
    """As many cases have it where trust did not improve as where it did; these are most of them."""
    found = results["association"].query("condition == 'ENG' and outcome == 'TRU'").iloc[0]
    assert found["n_11"] == found["n_10"]
    assert found["n_11"] > found["n_01"]


def test_trust_goes_with_crime_more_than_with_durability(results):
    """The rank correlation with durability is next to nothing."""
    tau = results["cooccurrence"].set_index(["construct_a", "construct_b"])["tau"]
    assert tau["TRU", "CRM"] > 0.2 > 0.05 > abs(tau["TRU", "SUS"])


def test_the_sites_of_the_six_country_project_are_trials(results):
    """Florianópolis, Medellín and Monrovia count among the randomised trials."""
    design = results["cases"].set_index("case_id")["study_design"]
    sites = [
        "florianopolis-rede-de-vizinhos",
        "medellin-police-community-meetings",
        "monrovia-community-policing",
    ]
    assert {"rct"} == set(design[sites])


def test_the_named_cases_with_regional_sources_have_a_note(results):
    """The ten cases of the text are those with a note on their scope."""
    noted = results["cases"].dropna(subset="scope_note")
    first = {"Belfast", "Dhaka", "Florianópolis", "Freetown", "Medellín"}
    rest = {"Melbourne", "Peshawar", "Port of Spain", "Stockholm", "Tokyo"}
    assert first | rest == set(noted["city"])


# Necessity


def test_engagement_is_the_only_necessary_condition(results):
    """No other condition or negation passes for either outcome or its absence."""
    table = results["necessity"].query("kind == 'condition'")
    passed = table[table["necessary"]]
    assert [("TRU", "ENG")] == list(zip(passed["outcome"], passed["expression"], strict=True))


def test_two_improved_cases_do_without_engagement(complete):
    """They are Ras Beirut and Toowoomba."""
    improved = complete[complete["TRU"] > 0.5]
    assert {"beirut-ras-beirut-station", "toowoomba-beat-policing"} == set(
        improved.index[improved["ENG"] < 0.5]
    )


def test_one_union_passes_for_trust_and_six_for_its_absence(results):
    """Three of the six hold an element that runs against expectation; for durability none is."""
    table = results["necessity"]
    unions = table[(table["kind"] == "union") & table["necessary"]]
    trust = unions.query("model == 'trust'")
    assert ["~INS + ACC"] == list(trust.query("outcome == 'TRU'")["expression"])
    absent = list(trust.query("outcome == '~TRU'")["expression"])
    against = {"~RES", "~INS", "~MIS", "ACC", "ENG"}
    assert (6, 3) == (len(absent), sum(bool(against & set(e.split(" + "))) for e in absent))
    assert not table.query("model == 'sustained'")["necessary"].any()


def test_the_union_has_one_exception_in_the_model_and_a_second_outside(scores, complete):
    """They are Osh and New York's CPOP."""

    def exceptions(table):
        return set(table.query("TRU > 0.5 and INS > 0.5 and ACC < 0.5").index)

    assert {"osh-community-security-initiative"} == exceptions(complete)
    assert {"osh-community-security-initiative", "new-york-cpop"} == exceptions(scores)


# Solutions


def test_the_solution_for_improved_trust(results):
    """Two terms, of Toowoomba and of Madison."""
    first, second = "~RES*~INS*~MIS*ACC", "~RES*~INS*~MIS*ENG"
    assert [terms(first, second)] == solution(results, "trust", "TRU")
    assert {"toowoomba-beat-policing"} == members(results, "TRU", first)
    assert {"madison-experimental-police-district"} == members(results, "TRU", second)


def test_twelve_improved_cases_lie_outside_the_solution(results, complete):
    """All improved cases of the model but Madison and Toowoomba."""
    improved = set(complete.index[complete["TRU"] > 0.5])
    assert 12 == len(improved - members(results, "TRU", "solution"))


def test_the_deciding_scores_of_the_two_cases_are_low_not_zero(scores):
    """Madison's on scarcity and both on mistrust are 0.33; blank, they would leave the model."""
    pair = scores.loc[["madison-experimental-police-district", "toowoomba-beat-policing"]]
    assert (pair["MIS"] == 0.33).all()
    assert 0.33 == pair["RES"].iloc[0]


def test_madisons_low_scores_rest_on_one_statement_each(results):
    """The only statements on its mistrust and its resources are of a later time."""
    table = results["statements"].query("case_id == 'madison-experimental-police-district'")
    sources = table.groupby("construct")["source_key"].unique()
    assert (["wsjndcrisis"], ["wsjndstaffing"]) == (list(sources["MIS"]), list(sources["RES"]))


@pytest.mark.parametrize("kind", ["intermediate", "conservative"])
def test_the_solution_for_the_absence_of_improved_trust(results, kind):
    """Two terms, the same in the conservative solution."""
    expected = terms("RES*INS*MIS*~ACC", "RES*INS*MIS*~ENG")
    assert [expected] == solution(results, "trust", "~TRU", kind)


def test_the_second_term_adds_sydney(results):
    """It holds no other case that the first does not."""
    second = members(results, "~TRU", "RES*INS*MIS*~ENG")
    assert {"sydney-cabramatta-policing"} == second - members(results, "~TRU", "RES*INS*MIS*~ACC")


def test_the_first_term_holds_the_named_cities(results, complete):
    """The six named are in it; its one deviant case is Osh."""
    inside = members(results, "~TRU", "RES*INS*MIS*~ACC")
    for city in ("durban", "sao-paulo", "nairobi", "monrovia", "stockholm", "montreal"):
        assert any(case.startswith(city) for case in inside)
    assert {"osh-community-security-initiative"} == {c for c in inside if complete["TRU"][c] > 0.5}


def test_the_row_with_everything_is_mixed(results, complete):
    """Belfast, Cincinnati and London improved; Bogotá, Cape Town and Newark did not."""
    full = complete[(complete[CONDITIONS] > 0.5).all(axis=1)]
    improved = {case.split("-")[0] for case in full.index[full["TRU"] > 0.5]}
    others = {case.split("-")[0] for case in full.index[full["TRU"] < 0.5]}
    assert ({"belfast", "cincinnati", "london"}, {"bogota", "cape", "newark"}) == (improved, others)
    rows = results["truth_table"].query("model == 'trust'")
    rows = rows[rows["configuration"] == "*".join(CONDITIONS)]
    assert not (rows["code"].astype(str) == "1").any()


def test_peshawar_shares_its_row_and_toronto_misses_the_cut_off(results, complete):
    """Peshawar's row holds cases without improvement; Toronto's has too low a PRI."""
    rows = results["truth_table"].query("model == 'trust' and outcome == 'TRU'").set_index("cases")
    shared = next(cases.split() for cases in rows.index if "peshawar-drc" in cases)
    assert (complete["TRU"][shared] < 0.5).any()
    assert rows["pri"]["toronto-neighbourhood-community-officers"] < 0.7


def test_durability_has_no_sufficient_row_for_its_absence(results):
    """And its own solution is less consistent than a single row must be."""
    assert [] == solution(results, "sustained", "~SUS")
    table = results["formulas"].query("outcome == 'SUS' and solution == 'intermediate'")
    assert (table["consistency"] < 0.8).all()


def test_rows_for_durability_pass_by_a_hair(results):
    """At least three sufficient rows are within 0.005 of the cut-off."""
    table = results["truth_table"].query("outcome == 'SUS' and consistency >= 0.8")
    assert (table["consistency"] < 0.805).sum() >= 3


def test_trust_in_the_named_cities_after_misconduct(scores):
    """It improved in Cincinnati, Seattle and Chicago, not in Newark; Chicago has no ACC."""
    trust = scores["TRU"]
    named = ["cincinnati-collaborative-agreement", "seattle-mcpp", "chicago-caps"]
    assert (trust[named] > 0.5).all()
    assert trust["newark-consent-decree"] < 0.5
    assert 0 == scores["ACC"]["chicago-caps"]


# Robustness


def test_consistency_does_not_change_the_solutions_for_trust(runs):
    """All cut-offs that were tried give the same solutions."""
    assert runs.query("setting == 'consistency'")["same"].all()


def test_pri_changes_them_as_said(runs):
    """At 0.65 four terms; at 0.6 Toronto's and New York's rows pass in the third decimal."""
    assert [4] == [len(model) for model in run(runs, "~TRU", "pri", "0.65")]
    (improved,) = run(runs, "TRU", "pri", "0.6")
    assert terms("~RES*INS*ACC*ENG") < improved
    (failed,) = run(runs, "~TRU", "pri", "0.6")
    assert terms("INS*MIS*~ACC") < failed


def test_two_rows_pass_a_pri_of_060_in_the_third_decimal(results):
    """They are Toronto's for improved trust and New York's for its absence."""
    table = results["truth_table"].query("model == 'trust' and 0.6 <= pri < 0.605")
    assert [
        ("TRU", "toronto-neighbourhood-community-officers"),
        ("~TRU", "new-york-neighborhood-policing"),
    ] == list(zip(table["outcome"], table["cases"], strict=True))


def test_a_frequency_of_two_leaves_the_accountability_term(runs):
    """Nothing for improved trust, the first term for its absence."""
    assert [] == run(runs, "TRU", "frequency", "2")
    assert [terms("RES*INS*MIS*~ACC")] == run(runs, "~TRU", "frequency", "2")


def changed(runs, outcome):
    """The first word of the dropped cases without which a solution is another one."""
    table = runs.query("outcome == @outcome and setting == 'dropped case'")
    return {
        case.split("-")[0]: models(e)
        for case, e in table[~table["same"]][["value", "expression"]].itertuples(index=False)
    }


def test_five_dropped_cases_change_the_solution_for_improved_trust(results, runs):
    """Two lose Madison's term, one loses all, two gain a term."""
    found = changed(runs, "TRU")
    (main,) = solution(results, "trust", "TRU")
    assert {"madison", "new", "toowoomba", "melbourne", "sydney"} == set(found)
    assert [] == found["toowoomba"]
    for case in ("madison", "new"):
        assert terms("~RES*~INS*~MIS*ACC") in found[case]
        assert {1} == {len(model) for model in found[case]}
    for case in ("melbourne", "sydney"):
        assert [3] == [len(model) for model in found[case] if model > main]


def test_five_dropped_cases_change_the_solution_for_its_absence(runs):
    """Two lose the second term, two gain a term, New Haven makes it five."""
    found = changed(runs, "~TRU")
    lengths = {case: {len(model) for model in ties} for case, ties in found.items()}
    assert {"port": {1}, "sydney": {1}, "peshawar": {3}, "toowoomba": {3}, "new": {5}} == lengths
    for case in ("port", "sydney"):
        assert [terms("RES*INS*MIS*~ACC")] == found[case]


def test_new_haven_is_the_dropped_case_called_new(runs):
    """New York's dropping changes neither solution."""
    table = runs.query("setting == 'dropped case' and value.str.startswith('new-')")
    assert {"new-haven-community-policing"} == set(table[~table["same"]]["value"])


def test_the_core_is_in_every_solution_for_the_absence_of_trust(runs):
    """Each model of each run has the first term or a wider one that contains it."""
    for expression in runs.query("outcome == '~TRU'")["expression"]:
        assert models(expression)
        assert all(any(term <= CORE for term in model) for model in models(expression))


def test_single_passes_change_both_solutions_as_said(runs):
    """Improved trust loses a term; its absence gains several."""
    for coder in ("a", "b"):
        assert {1} == {len(model) for model in run(runs, "TRU", "pass", coder)}
        assert all(len(model) >= 4 for model in run(runs, "~TRU", "pass", coder))


def test_durability_changes_with_most_dropped_cases(results):
    """At most one run in eight leaves its solution as it is."""
    table = results["robustness"].query("outcome == 'SUS' and setting == 'dropped case'")
    assert table["same"].mean() < 1 / 8


def test_durability_does_not_survive_a_hundredth(results):
    """Both inner levels of the scale may move by less than that."""
    table = results["robustness_ranges"].query("outcome == 'SUS' and setting == 'level'")
    assert 2 == len(table)
    assert (table["value"] - table["lower"] < 0.01).all()
    assert (table["upper"] - table["value"] < 0.01).all()


def test_the_pri_cut_off_lies_in_a_gap(results):
    """No row of the model of trust has a PRI within 0.02 of it."""
    table = results["truth_table"].query("model == 'trust'")
    assert not table["pri"].between(0.68, 0.72).any()


def test_the_shaky_case_is_sydney(results):
    """The case of the solution for the absence of trust that not every test keeps."""
    table = results["robustness_cases"].query("model == 'trust' and outcome == '~TRU'")
    shaky = table[table["type"].str.startswith("shaky")]
    assert ["sydney-cabramatta-policing"] == list(shaky["case_id"])


def test_no_easy_counterfactual_is_contradictory(results):
    """The contradictory assumptions are all of the parsimonious solutions."""
    table = results["counterfactuals"]
    assert table["contradictory"].any()
    assert not table.query("kind == 'easy'")["contradictory"].any()
