"""Random manuscripts in the syntax that the journal's format accepts."""

from hypothesis import strategies as st

LABEL = "LABEL"  # takes a number of its own in each place
WORDS = st.sampled_from(
    ["gardens", "grow.", "3", "A*", "x_y", "it's", '"so"', "--", "...", "&", "Ünder", "a|b", "1."]
)
MARKS = st.sampled_from(
    [
        "*soft*",
        "**strong *both***",
        "`code`",
        "$x_i$",
        r"\(y\)",
        "a^2^",
        "[small]{.smallcaps}",
        "[mot]{lang=fr}",
        "[own]{.mine}",
        "[place]{#LABEL}",
        '[page]{.content-visible when-format="html"}',
        "[link *text*](https://e.org/a_b)",
        "https://e.org/c.",
        "@alpha2001 says",
        "[@beta2010, p. 3; -@gamma1999]",
        "@fig-growth shows",
        "[-@tbl-small],",
        "[@sec-methods; @eq-mean]",
        "^[a *note* by @alpha2001.]",
        "{{< var study.cases >}}",
        "{{< meta title >}}",
        "![a garden](_generated/figures/photo.jpg){width=5%}",
    ]
)
LINES = st.lists(st.one_of(WORDS, MARKS), min_size=1, max_size=8).map(" ".join)
# Text that begins a block must not look like the mark of another one.
PARAGRAPHS = LINES.map(lambda line: f"So {line}")
LEAVES = st.one_of(
    PARAGRAPHS,
    st.sampled_from(
        [
            "$$ a = b $$ {#eq-LABEL}",
            "$$\n\\begin{aligned}\na &= b \\\\\nc &= d\n\\end{aligned}\n$$",
            "```python\nprint(1) # <1>\n```",
            '```{.r filename="a.r"}\n1\n```',
            '```{#lst-LABEL .r lst-cap="A listing"}\n1\n```',
            "| verse\n|   verse",
            "***",
            "- [ ] open\n- [x] done",
            "Term\n:   Meaning.",
            "(@) An example.",
        ]
    ),
)
FLOATS = st.one_of(
    st.just('![A *caption*.](_generated/figures/growth){#fig-LABEL fig-alt="What." width=60%}'),
    PARAGRAPHS.map(
        lambda text: (
            "::: {#fig-LABEL layout-ncol=2}\n"
            '![One](_generated/figures/growth){#fig-LABEL fig-alt="One."}\n\n'
            f'![](_generated/figures/photo.jpg){{fig-alt="Two."}}\n\n{text}\n:::'
        )
    ),
    PARAGRAPHS.map(
        lambda text: f"::: {{#tbl-LABEL .small}}\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n{text}\n:::"
    ),
    st.just(
        "| a | b |\n|---|--:|\n| *1* | [x](#sec-key) |\n\n"
        ': Table {#tbl-LABEL tbl-colwidths="[1,2]"}'
    ),
    st.just("{{< pagebreak >}}"),
)


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")


def _containers(blocks: st.SearchStrategy) -> st.SearchStrategy:
    several = st.lists(blocks, min_size=1, max_size=3).map("\n\n".join)
    return st.one_of(
        several.map(lambda text: f":::: {{.callout-note title=\"A 'title'\"}}\n{text}\n::::"),
        several.map(
            lambda text: f":::: {{#wrn-LABEL .callout-warning}}\n## Own *title*\n\n{text}\n::::"
        ),
        several.map(lambda text: f":::: {{#thm-LABEL}}\n{text}\n::::"),
        several.map(lambda text: f":::: {{.proof}}\n{text}\n::::"),
        several.map(lambda text: f":::: {{.mine #LABEL}}\n{text}\n::::"),
        several.map(lambda text: f':::: {{.content-hidden when-format="docx"}}\n{text}\n::::'),
        several.map(
            lambda text: f"::::: {{.panel-tabset}}\n## One\n\n{text}\n\n## Two\n\nx\n:::::"
        ),
        several.map(
            lambda text: (
                "::::: {.columns}\n"
                f':::: {{.column width="40%"}}\n{text}\n::::\n\n'
                ':::: {.column width="60%"}\nx\n::::\n:::::'
            )
        ),
        st.lists(several, min_size=1, max_size=3).map(
            lambda items: "\n".join(_indented(f"- An item\n\n{item}") for item in items)
        ),
        several.map(lambda text: "> " + text.replace("\n", "\n> ")),
    )


SECTIONS = st.sampled_from(
    ["## Section *one* {#sec-LABEL}", "## Plain", "## Thanks {.unnumbered .unlisted}"]
)
PIECES = st.one_of(LEAVES, FLOATS, SECTIONS, _containers(LEAVES), _containers(_containers(LEAVES)))


def _labelled(text: str) -> str:
    first, *rest = text.split(LABEL)
    return first + "".join(f"n{number}{part}" for number, part in enumerate(rest))


# Many pieces in each, because a Quarto takes long to start.
MANUSCRIPTS = st.lists(PIECES, min_size=10, max_size=30).map("\n\n".join).map(_labelled)
