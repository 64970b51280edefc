from casebook.qca import Cutoffs
from casebook.results import configurations
from casebook.results.agreement import passes
from casebook.results.sets import set_memberships
from casebook.study.tables import read_table, write_table

scores = read_table(snakemake.input.scores)
cases = read_table(snakemake.input.cases)
memberships = read_table(snakemake.input.calibrated)
models, kind = snakemake.params.models, snakemake.params.kind
cutoffs, varied = Cutoffs(**snakemake.params.cutoffs), snakemake.params.varied
single = {
    name.removeprefix("score_"): set_memberships(scores.assign(score=scores[name]), models, cases)
    for name in passes(scores)
}
runs = configurations.robustness(memberships, single, models, cutoffs, kind, varied)
tests, types = configurations.robustness_tests(memberships, single, models, cutoffs, kind, varied)
ranges = configurations.robustness_ranges(memberships, models, cutoffs, kind, cases)
write_table(runs, snakemake.output.robustness)
write_table(ranges, snakemake.output.ranges)
write_table(tests, snakemake.output.tests)
write_table(types, snakemake.output.cases)
