"""Qualitative comparative analysis: calibration, necessity, sufficiency and robustness."""

from casebook.qca.calibration import (
    calibrate_crisp,
    calibrate_direct,
    calibrate_indirect,
    calibrate_levels,
)
from casebook.qca.counterfactuals import (
    EnhancedAnalysis,
    contradictory_assumptions,
    enhanced_analysis,
    simultaneous_subsets,
)
from casebook.qca.expression import membership
from casebook.qca.fit import Necessity, Sufficiency, necessity, sufficiency, unique_coverages
from casebook.qca.necessary_conditions import (
    NecessityAnalysis,
    necessity_analysis,
    sufficient_conjunctions,
)
from casebook.qca.robustness import (
    Analysis,
    Range,
    RobustnessCases,
    RobustnessFit,
    Runs,
    Setting,
    anchor_ranges,
    cutoff_range,
    frequency_range,
    leave_one_out,
    parameter_range,
    robustness_cases,
    robustness_fit,
    solution_over_settings,
)
from casebook.qca.solutions import Model, PrimeImplicants, Solution, Term, case_types, minimise
from casebook.qca.truth_table import Cutoffs, TruthTable, tabulate, truth_table

__all__ = [
    "Analysis",
    "Cutoffs",
    "EnhancedAnalysis",
    "Model",
    "Necessity",
    "NecessityAnalysis",
    "PrimeImplicants",
    "Range",
    "RobustnessCases",
    "RobustnessFit",
    "Runs",
    "Setting",
    "Solution",
    "Sufficiency",
    "Term",
    "TruthTable",
    "anchor_ranges",
    "calibrate_crisp",
    "calibrate_direct",
    "calibrate_indirect",
    "calibrate_levels",
    "case_types",
    "contradictory_assumptions",
    "cutoff_range",
    "enhanced_analysis",
    "frequency_range",
    "leave_one_out",
    "membership",
    "minimise",
    "necessity",
    "necessity_analysis",
    "parameter_range",
    "robustness_cases",
    "robustness_fit",
    "simultaneous_subsets",
    "solution_over_settings",
    "sufficiency",
    "sufficient_conjunctions",
    "tabulate",
    "truth_table",
    "unique_coverages",
]
