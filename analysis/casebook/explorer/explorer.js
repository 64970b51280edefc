// The evidence explorer: filters, lists and pages over the data that this file holds.
//
// The address after # says what is shown, so that everything can be linked to and the back button
// works: case-ID, score-ID-CONSTRUCT, statement-ID, source-KEY, table-NAME/ROW/COLUMN, or
// find?construct=…&score=….
// Text from the data becomes text nodes and nothing else; addresses become links if they are http(s).
"use strict";
(() => {
// The data ------------------------------------------------------------------------------------

const DATA = JSON.parse(document.getElementById("data").textContent);
const { book: BOOK, facets: FACETS, passes: PASSES, models: MODELS } = DATA;
const CONSTRUCTS = BOOK.constructs;
const CASES = records(DATA.cases);
const SOURCES = records(DATA.sources);
const STATEMENTS = records(DATA.statements);
const SCORES = records(DATA.scores);
const WITHDRAWN = records(DATA.withdrawn);

function records({ columns, rows }) {
  return rows.map((row, index) => {
    const record = { index };
    columns.forEach((name, column) => { record[name] = row[column]; });
    return record;
  });
}

function byKey(items, key) {
  return new Map(items.map((item) => [item[key], item]));
}

for (const item of [...CASES, ...SOURCES]) item.statements = [];
for (const each of CASES) each.withdrawn = [];
for (const gone of WITHDRAWN) {
  gone.case = CASES[gone.case];
  gone.case.withdrawn.push(gone);
}
for (const score of SCORES) {
  score.case = CASES[Math.floor(score.index / CONSTRUCTS.length)];
  score.construct = CONSTRUCTS[score.index % CONSTRUCTS.length];
  score.statements = [];
  score.agreement = agreement(score.passes.map(([given]) => given));
}
for (const statement of STATEMENTS) {
  statement.score = SCORES[statement.case * CONSTRUCTS.length + statement.construct];
  statement.case = CASES[statement.case];
  statement.source = SOURCES[statement.source] ?? null;
  statement.shown_with = statement.shown_with.map((index) => STATEMENTS[index]);
  for (const owner of [statement.score, statement.case, statement.source]) {
    if (owner) owner.statements.push(statement);
  }
}
for (const each of CASES) {
  const first = each.index * CONSTRUCTS.length;
  each.scores = SCORES.slice(first, first + CONSTRUCTS.length);
}
const CASE = byKey(CASES, "id");
const SOURCE = byKey(SOURCES, "key");
const STATEMENT = byKey(STATEMENTS, "id");
const CONSTRUCT = byKey(CONSTRUCTS, "code");
const GROUP = byKey(BOOK.groups, "code");
const CAUSE = byKey(BOOK.causes, "code");

// Whether the passes agree on a cell: "agree" if all gave the same score, "differ" if not, and
// null where there is one pass only or none gave a score.
function agreement(given) {
  if (given.length < 2 || given.every((score) => score === null)) return null;
  return given.every((score) => score === given[0]) ? "agree" : "differ";
}

// Finding -------------------------------------------------------------------------------------

const SCORE_TESTS = {
  present: (score) => score !== null && score > 0.5,
  absent: (score) => score !== null && score < 0.5,
  blank: (score) => score === null,
};

// Letters without accents and case.
function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// The words of a query; "words in quotes" are one.
function wordsOf(query) {
  const parts = fold(query ?? "").match(/"[^"]+"|\S+/g) ?? [];
  return parts.map((part) => part.replaceAll('"', "").trim()).filter(Boolean);
}

// What can be searched of a record, folded once.
function searchable(item, parts) {
  item.folded ??= fold(parts(item).filter(Boolean).join("\n"));
  return item.folded;
}
const ofCase = (each) => searchable(each, ({ id, name, headline, facts, note }) =>
  [id, name, headline, note, ...facts.map(([, value]) => value)]);
const ofSource = (source) => searchable(source, ({ key, short, authors, title, container, publisher, doi, url }) =>
  [key, short, authors, title, container, publisher, doi, url]);
const ofConstruct = (construct) => searchable(construct, ({ code, label }) => [code, label]);
const ofStatement = (statement) => searchable(statement, ({ id, text, locator, url, care }) =>
  [id, text, locator, url, care]);
const ofWithdrawn = (gone) => searchable(gone, ({ id, reason }) => [id, reason]);
const ofScore = (score) => searchable(score, ({ reason, passes }) =>
  [reason, ...passes.map(([, given]) => given)]);

// What fits all that is wanted. A score fits if its case, construct, value and agreement do (and, if
// a type of source or a verdict is wanted, one of its statements has it); a statement if its score,
// its source and its verdict do; a withdrawn one, which has no score, if its case and verdict do. Words are looked for in each kind with its case and construct; a case has the words if it, one
// of its fitting scores or one of its fitting statements has them.
function find(wanted) {
  const words = wordsOf(wanted.q);
  const chosen = wanted.cases ? new Set(wanted.cases.split(",")) : null;
  const fitting = CASES.map((each) => (!chosen || chosen.has(each.id))
    && FACETS.every(({ name }) => !wanted[name] || each.facets[name] === wanted[name]));
  const scoreTest = scoreTestOf(wanted.score);
  const agreementTest = agreementTestOf(wanted.agreement);
  const ofVerdict = ({ verdict }) => !wanted.verdict || (verdict && ["any", verdict].includes(wanted.verdict));
  const ofType = (statement) => (!wanted.type || statement.source?.type === wanted.type) && ofVerdict(statement);

  const cells = SCORES.filter((score) => wanted.cited !== "no" && fitting[score.case.index]
    && (!wanted.construct || score.construct.code === wanted.construct)
    && scoreTest(score.score) && agreementTest(score)
    && (!(wanted.type || wanted.verdict) || score.statements.some(ofType)));
  const has = (texts) => !words.length || hasAll(words, texts());
  const scores = cells.filter((score) =>
    has(() => [ofScore(score), ofCase(score.case), ofConstruct(score.construct)]));
  const statements = cells.flatMap((score) => score.statements).filter((statement) =>
    ofType(statement) && has(() => [ofStatement(statement), ofCase(statement.case),
      ofConstruct(statement.score.construct), statement.source ? ofSource(statement.source) : ""]));

  const named = new Set([...scores, ...statements].map((item) => item.case));
  const held = new Set(cells.map((score) => score.case));
  const cases = CASES.filter((each) => held.has(each) && (named.has(each) || has(() => [ofCase(each)])));
  const cited = new Set(statements.map((statement) => statement.source));
  // Sources without a statement belong to no case and no score: only words and a type find them.
  const narrowed = Object.keys(wanted).some((name) => NAMES.includes(name)
    && !["q", "type", wanted.cited === "no" && "cited"].includes(name));
  const sources = SOURCES.filter((source) => cited.has(source) || (!narrowed && isUnused(source)
    && (!wanted.type || source.type === wanted.type) && has(() => [ofSource(source)])));
  const withdrawn = WITHDRAWN.filter((gone) => fitting[gone.case.index] && ofVerdict(gone)
    && has(() => [ofWithdrawn(gone), ofCase(gone.case)]));
  return { words, cases, scores, statements, sources, withdrawn };
}

function isUnused(source) {
  return !source.statements.length;
}

function hasAll(words, texts) {
  return words.every((word) => texts.some((text) => text.includes(word)));
}

function scoreTestOf(wanted) {
  if (!wanted) return () => true;
  return SCORE_TESTS[wanted] ?? ((score) => score !== null && score === Number(wanted));
}

function agreementTestOf(wanted) {
  if (!wanted) return () => true;
  if (wanted === "adjudicated") return (score) => score.status === "adjudicated";
  return (score) => score.agreement === wanted || score.cause === wanted;
}

// Building ------------------------------------------------------------------------------------

// An element; children are nodes or texts, and blanks are left out.
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== undefined && value !== null && value !== false) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children.flat(Infinity).filter(Boolean));
  return node;
}

function link(hash, ...children) {
  return el("a", { href: `#${hash}` }, ...children);
}

// A link out of the page, or mere text where the address is not one of the web.
function away(address, text) {
  const url = parsed(address);
  if (!url || !/^https?:$/.test(url.protocol)) return text;
  return el("a", { href: url.href, rel: "noopener noreferrer", class: "away" }, text);
}

function parsed(address) {
  try { return new URL(address); } catch { return null; }
}

const toCase = (each, ...text) => link(`case-${encodeURIComponent(each.id)}`, ...text);
const toScore = (score, ...text) =>
  link(`score-${encodeURIComponent(score.case.id)}-${score.construct.code}`, ...text);
const toStatement = (statement, ...text) =>
  link(`statement-${encodeURIComponent(statement.id)}`, ...text);
const toSource = (source, ...text) => link(`source-${encodeURIComponent(source.key)}`, ...text);

// The address of a list, without what is not wanted.
function findAddress(wanted) {
  const given = Object.entries(wanted).filter(([, value]) => value);
  return given.length ? `find?${new URLSearchParams(given)}` : "find";
}

function listed(parts, separator = ", ") {
  return parts.flatMap((part, i) => (i ? [separator, part] : [part]));
}

function counted(n, one, many) {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

function hidden(text) {
  return el("span", { class: "unseen" }, text);
}

// A text with the words that were looked for marked in it.
function marked(text, words) {
  if (!words.length || !text) return [text ?? ""];
  let folded = "";
  const origin = [];
  let position = 0;
  for (const letter of text) {
    const plain = fold(letter);
    for (let i = 0; i < plain.length; i += 1) origin.push(position);
    folded += plain;
    position += letter.length;
  }
  origin.push(position);
  const parts = [];
  let done = 0;
  for (const [start, end] of spans(folded, words)) {
    parts.push(text.slice(done, origin[start]), el("mark", {}, text.slice(origin[start], origin[end])));
    done = origin[end];
  }
  return [...parts, text.slice(done)];
}

// Where words stand in a text, in order; those that overlap are joined.
function spans(text, words) {
  const found = words.flatMap((word) => {
    const places = [];
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      places.push([at, at + word.length]);
    }
    return places;
  }).sort(([a], [b]) => a - b);
  const joined = [];
  for (const [start, end] of found) {
    const last = joined.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

// Scores, statements, sources -----------------------------------------------------------------

function levelIndex(score) {
  return BOOK.levels.findIndex((level) => level.membership === score);
}

function nameOf(score) {
  return score === null ? BOOK.blank.name : BOOK.levels[levelIndex(score)]?.name ?? "";
}

function badge(score) {
  const style = score === null ? "blank" : `level-${levelIndex(score)}`;
  return el("span", { class: `badge ${style}` }, score === null ? "–" : String(Math.round(score * 1000) / 1000));
}

function verdictOn(score) {
  const cause = CAUSE.get(score.cause)?.label ?? score.cause;
  if (score.status === "adjudicated") return `adjudicated${cause ? `: ${cause}` : ""}`;
  return score.status;
}

// A cell of the matrix: what each pass gave and why, and the final score.
function scoreBox(score, { words = [], withCase = false } = {}) {
  const { label, code } = score.construct;
  const title = withCase
    ? [toCase(score.case, marked(score.case.name, words)), ": ", toScore(score, label)]
    : [label];
  const single = PASSES.length < 2 && score.status !== "adjudicated";
  const reasons = score.passes.map(([given, reason], pass) =>
    [single ? "Reason" : `Pass ${PASSES[pass]}`, given, reason, !single]);
  if (score.status === "adjudicated") reasons.push(["Final", score.score, score.reason, true]);
  return el("div", { class: "score" },
    el(withCase ? "h3" : "h4", { tabindex: "-1" }, badge(score.score), " ", title, " ",
      el("small", {}, `${code} · ${nameOf(score.score)} · ${verdictOn(score)}`)),
    el("dl", { class: "reasons" }, reasons.filter(([, given, reason]) => given !== null || reason)
      .map(([who, given, reason, shown]) => el("div", {},
        el("dt", {}, who, shown && [" ", badge(given)]),
        el("dd", {}, reason ? marked(reason, words) : nameOf(given))))));
}

// A statement with its source, and with the statements without which it must not be shown.
function statementBox(statement, { words = [], withCase = true, companions = true } = {}) {
  const { construct } = statement.score;
  const decides = statement.score.evidence.includes(statement.id);
  const tags = [
    withCase && toCase(statement.case, marked(statement.case.name, words)),
    withCase && toScore(statement.score, construct.label),
    statement.direction && el("span", { class: `direction ${statement.direction}` }, statement.direction),
    decides && "decides the score",
    statement.verdict && `looked up again: ${statement.verdict}`,
  ].filter(Boolean);
  return el("article", { class: "statement", tabindex: "-1", "aria-label": `Statement ${statement.id}`,
    "data-id": statement.id },
    el("p", { class: "tags" }, listed(tags, " · ")),
    el("p", { class: "text" }, marked(statement.text, words)),
    el("p", { class: "from" }, sourceLine(statement, words)),
    statement.care && el("p", { class: "care" }, el("strong", {}, "Note. "), statement.care),
    companions && statement.shown_with.length > 0 && el("div", { class: "companions" },
      el("p", {}, "Shown only together with:"),
      statement.shown_with.map((other) => statementBox(other, { words, withCase, companions: false }))));
}

function sourceLine(statement, words) {
  const { source, locator, url } = statement;
  return [
    source && [toSource(source, marked(source.short, words)), ", ", el("cite", {}, marked(source.title, words)), ". "],
    locator && [capital(locator), ". "],
    url && [away(url, "Open the page"), " "],
    toStatement(statement, el("span", { "aria-hidden": "true" }, "#"), hidden("Link to this statement")),
  ];
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sourceBox(source, { words = [] } = {}) {
  const cases = new Set(source.statements.map((statement) => statement.case)).size;
  const who = source.short.startsWith(source.title) ? String(source.year ?? "n.d.") : source.short;
  return el("article", { class: "source", tabindex: "-1" },
    el("h3", {}, toSource(source, marked(source.title ?? source.key, words))),
    el("p", {}, marked(who, words), ". ", DATA.types[source.type], ". ",
      `${counted(source.statements.length, "statement", "statements")} on ${counted(cases, "case", "cases")}.`));
}

// A statement that is no longer part of the evidence; its text is in no table any more.
function withdrawnBox({ id, case: owner, reason, verdict }, words) {
  return el("article", { class: "statement", tabindex: "-1" },
    el("p", { class: "tags" }, listed([toCase(owner, marked(owner.name, words)), "withdrawn",
      verdict && `looked up again: ${verdict}`].filter(Boolean), " · ")),
    el("p", {}, el("code", {}, marked(id, words)), ": ", marked(reason, words), "."));
}

function constructBox(construct) {
  const examples = (construct.examples ?? []).map(({ evidence, shows }) => [STATEMENT.get(evidence), shows])
    .filter(([statement]) => statement);
  return el("div", { class: "definition" },
    el("p", {}, el("strong", {}, `${construct.label} (${construct.code}). `), construct.question, " ", construct.note),
    el("p", {}, `Present: ${construct.present}. Absent: ${construct.absent}.`),
    examples.length > 0 && el("p", {}, "Examples: ", listed(examples.map(([statement, shows]) =>
      toStatement(statement, `${shows}, ${statement.case.name}`)), "; "), "."));
}

function legend() {
  const rows = BOOK.levels.map(({ membership, name, rule }) => [membership, name, rule]);
  return el("details", { class: "legend" }, el("summary", {}, "What the scores mean"),
    el("dl", {}, [...rows, [null, BOOK.blank.name, BOOK.blank.rule]].map(([score, name, rule]) =>
      el("div", {}, el("dt", {}, badge(score), " ", name), el("dd", {}, rule)))));
}

// Lists ---------------------------------------------------------------------------------------

const STEP = 50;

// Puts items into a node, a step at a time; `remember` keeps how many are shown for coming back.
function paged(node, items, draw, shown) {
  const more = el("button", { type: "button", class: "more", click: () => {
    const from = node.children.length;
    add(from + STEP);
    remember({ shown: node.children.length });
    node.children[from].focus();
  } });
  function add(to) {
    node.append(...items.slice(node.children.length, to).map(draw));
    const left = items.length - node.children.length;
    more.textContent = `Show ${Math.min(left, STEP)} more of ${left.toLocaleString("en")}`;
    more.hidden = left === 0;
  }
  add(Math.max(STEP, shown ?? 0));
  return more;
}

function sorted(cases, sort) {
  const key = (sort ?? "").replace(/^-/, "");
  const sign = sort?.startsWith("-") ? 1 : -1;
  if (key === "name") return [...cases].reverse();
  const column = CONSTRUCTS.findIndex(({ code }) => code === key);
  const value = key === "statements" ? (each) => each.statements.length : (each) => each.scores[column].score;
  if (column < 0 && key !== "statements") return cases;
  const rank = (each) => value(each) ?? (sign < 0 ? -1 : 2);
  return [...cases].sort((a, b) => sign * (rank(a) - rank(b)) || a.index - b.index);
}

// The matrix of the cases that were found.
function caseTable({ cases, words }, wanted, shown) {
  const groups = BOOK.groups.map((group) => [group, CONSTRUCTS.filter((each) => each.group === group.code)])
    .filter(([, members]) => members.length);
  const columns = groups.flatMap(([, members]) => members);
  const body = el("tbody");
  const draw = (each) => el("tr", { tabindex: "-1" },
    el("th", { scope: "row" }, toCase(each, marked(each.name, words)),
      each.headline && el("small", {}, marked(each.headline, words))),
    columns.map((construct) => cell(each.scores[CONSTRUCTS.indexOf(construct)])),
    STATEMENTS.length > 0 && el("td", { class: "number" }, String(each.statements.length)));
  const more = paged(body, sorted(cases, wanted.sort), draw, shown);
  return [
    el("div", { class: "matrix scroll", role: "region", tabindex: "0", "aria-label": "Cases and their scores" },
      el("table", {},
        el("thead", {},
          el("tr", {}, el("td"), groups.map(([group, members]) =>
            el("th", { scope: "colgroup", colspan: members.length, class: "group" }, group.label)),
            STATEMENTS.length > 0 && el("td")),
          el("tr", {}, sortHead("name", "Case", wanted, "Case"),
            columns.map(({ code, label }) => sortHead(code, code, wanted, label)),
            STATEMENTS.length > 0 && sortHead("statements", "n", wanted, "Number of statements"))),
        body)),
    more, legend()];
}

function cell(score) {
  const to = toScore(score, badge(score.score));
  to.tabIndex = -1; // the case's own link leads to the same page
  to.title = `${score.construct.label}: ${nameOf(score.score)}`;
  return el("td", {}, to);
}

// The first click on a head sorts from high to low (names from Z to A), the second the other way.
function sortHead(key, text, wanted, title) {
  const now = wanted.sort ?? "";
  const names = { [key]: "descending", [`-${key}`]: "ascending" };
  const direction = key === "name" && !now ? "ascending" : names[now];
  const next = key === "name" ? (now === key ? "" : key) : (now === key ? `-${key}` : key);
  const arrow = { ascending: "▲", descending: "▼" }[direction];
  return el("th", { scope: "col", "aria-sort": direction },
    el("button", { type: "button", title, "aria-label": `${title}: sort`, "data-sort": key,
      click: () => change({ sort: next }, { focus: `[data-sort="${key}"]` }) },
      text, arrow && el("span", { "aria-hidden": "true", class: "arrow" }, arrow)));
}

const LISTS = {
  cases: ["Cases", caseTable],
  scores: ["Scores", (found, _wanted, shown) =>
    boxes(found.scores, (score) => scoreBox(score, { words: found.words, withCase: true }), shown)],
  statements: ["Statements", (found, _wanted, shown) =>
    boxes(found.statements, (statement) => statementBox(statement, { words: found.words }), shown)],
  sources: ["Sources", (found, _wanted, shown) =>
    boxes(found.sources, (source) => sourceBox(source, { words: found.words }), shown)],
  withdrawn: ["Withdrawn", (found, _wanted, shown) =>
    boxes(found.withdrawn, (gone) => withdrawnBox(gone, found.words), shown)],
};
const KINDS = Object.keys(LISTS).filter((kind) =>
  ({ statements: STATEMENTS, sources: SOURCES })[kind]?.length !== 0);

// Withdrawn statements are no evidence: a list of them is for those who ask how it was checked.
function kindsFor({ show, verdict }) {
  return KINDS.filter((kind) => kind !== "withdrawn" || show === kind || (verdict && WITHDRAWN.length));
}

function boxes(items, draw, shown) {
  const list = el("div", { class: "boxes" });
  const more = paged(list, items, draw, shown);
  return [list, more];
}

// The finder ----------------------------------------------------------------------------------

const VERDICTS = [...new Set([...STATEMENTS, ...WITHDRAWN].map(({ verdict }) => verdict))].filter(Boolean).sort();

// Each filter: name in the address, label, and options as [value, text] in groups [label, options].
const FILTERS = [
  ["construct", "Construct", BOOK.groups.map((group) => [group.label,
    CONSTRUCTS.filter((each) => each.group === group.code).map(({ code, label }) => [code, label])])],
  ["score", "Final score", [
    ["", [["present", "present (above 0.5)"], ["absent", "absent (below 0.5)"], ["blank", BOOK.blank.name]]],
    ["Exactly", BOOK.levels.map(({ membership, name }) => [String(membership), `${membership}: ${name}`])]]],
  ["agreement", "Agreement", [
    ["", PASSES.length > 1 ? [["agree", "passes agree"], ["differ", "passes differ"]] : []],
    ["", SCORES.some(({ status }) => status === "adjudicated") ? [["adjudicated", "adjudicated"]] : []],
    ["Adjudicated because", BOOK.causes.filter(({ code }) => SCORES.some(({ cause }) => cause === code))
      .map(({ code, label }) => [code, label])]]],
  ...FACETS.map(({ name, label, values }) => [name, label, [["", values.map((value) => [value, value])]]]),
  ["type", "Type of source", [["", Object.entries(DATA.types).sort(([, a], [, b]) => a.localeCompare(b, "en"))]]],
  ["cited", "Sources", [["", SOURCES.some(isUnused) ? [["yes", "behind a statement"], ["no", "behind none"]] : []]]],
  ["verdict", "Looked up again", [["", VERDICTS.length ? [["any", "with any verdict"]] : []],
    ["Verdict", VERDICTS.map((verdict) => [verdict, verdict])]]],
].map(([name, label, groups]) => ({ name, label, groups: groups.filter(([, options]) => options.length) }))
  .filter(({ groups }) => groups.length);
const NAMES = ["q", "cases", ...FILTERS.map(({ name }) => name)];

const app = document.getElementById("app");
const finder = el("div", { class: "finder" });
const detail = el("div", { class: "detail", hidden: true });
const form = el("form", { role: "search", "aria-label": "Evidence", submit: (event) => {
  event.preventDefault();
  change({ q: search.value });
} });
const search = el("input", { type: "search", id: "q", autocomplete: "off", spellcheck: "false", input: () => {
  clearTimeout(search.timer);
  search.timer = setTimeout(() => change({ q: search.value.trim() }, { typing: true }), 120);
} });
const selects = FILTERS.map(({ name, label, groups }) => el("select", { id: name, "aria-label": label,
  change: (event) => change({ [name]: event.target.value }) },
  el("option", { value: "" }, "any"),
  groups.map(([heading, options]) => {
    const nodes = options.map(([value, text]) => el("option", { value }, text));
    return heading ? el("optgroup", { label: heading }, nodes) : nodes;
  })));
const summary = el("summary");
const only = el("p", { class: "only", hidden: true });
const status = el("p", { role: "status", class: "unseen" });
const kinds = el("nav", { class: "kinds", "aria-label": "Lists" });
const list = el("div", { class: "list" });

form.append(
  el("p", { class: "search" }, el("label", { for: "q" }, "Search all text"), search),
  el("details", { class: "filters", open: matchMedia("(min-width: 60rem)").matches }, summary,
    el("div", {}, FILTERS.map(({ name, label }, i) =>
      el("p", {}, el("label", { for: name }, label), selects[i])))),
  el("p", { class: "clear" }, link("find", "Clear all")));
finder.append(form, el("div", { class: "results" },
  el("h2", { tabindex: "-1", class: "unseen" }, "Results"), only, kinds, status, list));
app.append(finder, detail);

let wanted = {};  // what the finder shows
let found = find({});

function showFinder(parameters, shown) {
  wanted = Object.fromEntries([...parameters].filter(([name, value]) =>
    value && [...NAMES, "show", "sort"].includes(name)));
  found = find(wanted);
  finder.hidden = false;
  detail.hidden = true;
  detail.replaceChildren();
  fillForm();
  const offered = kindsFor(wanted);
  const kind = offered.includes(wanted.show) ? wanted.show : "cases";
  status.textContent = `Found: ${listed(offered.map((each, i) => (i
    ? counted(found[each].length, each.replace(/s$/, ""), each)
    : `${found.cases.length} of ${counted(CASES.length, "case", "cases")}`))).join("")}.`;
  kinds.replaceChildren(...offered.map((each) => el("a", {
    href: `#${findAddress({ ...wanted, show: each === "cases" ? "" : each })}`,
    "aria-current": each === kind && "true" },
    LISTS[each][0], " ", el("span", {}, found[each].length.toLocaleString("en")))));
  const construct = CONSTRUCT.get(wanted.construct);
  list.replaceChildren(...[construct && constructBox(construct),
    found[kind].length ? LISTS[kind][1](found, wanted, shown)
      : el("p", { class: "nothing" }, "Nothing fits. ", link("find", "Clear the filters"), " to see everything."),
  ].flat().filter(Boolean));
  return "Evidence";
}

function fillForm() {
  if (search.value.trim() !== (wanted.q ?? "")) search.value = wanted.q ?? "";
  selects.forEach((select) => { select.value = wanted[select.id] ?? ""; });
  const active = NAMES.filter((name) => wanted[name]);
  const set = active.filter((name) => name !== "q").length;
  summary.textContent = set ? `Filters (${set} set)` : "Filters";
  form.querySelector(".clear").hidden = !active.length;
  only.hidden = !wanted.cases;
  const ids = wanted.cases?.split(",") ?? [];
  only.replaceChildren("Only ", ...listed(ids.map((id) => CASE.get(id)?.name ?? id)), ". ",
    link(findAddress({ ...wanted, cases: "" }), "Show all cases"));
}

// Changes what is wanted. A choice is a step that the back button undoes; typing is one step.
function change(parts, { typing = false, focus = null } = {}) {
  clearTimeout(search.timer);
  const address = `#${findAddress({ ...wanted, ...parts })}`;
  if (address === (location.hash || "#find")) return;
  const replaces = typing && history.state?.typing;
  history[replaces ? "replaceState" : "pushState"]({ typing }, "", address);
  show();
  if (focus) list.querySelector(focus)?.focus();
}

// A case --------------------------------------------------------------------------------------

function casePage(each) {
  const groups = BOOK.groups.map((group) => [group, each.scores.filter((score) =>
    score.construct.group === group.code)]).filter(([, scores]) => scores.length);
  const sources = SOURCES.filter((source) => source.statements.some((one) => one.case === each));
  return [
    neighbours(each),
    el("h2", { tabindex: "-1" }, each.name),
    each.headline && el("p", { class: "headline" }, each.headline),
    each.note && el("p", { class: "care" }, el("strong", {}, "Note. "), each.note),
    el("dl", { class: "facts" }, each.facts.map(([label, value, source]) => el("div", {},
      el("dt", {}, label), el("dd", {}, SOURCES[source] ? toSource(SOURCES[source], SOURCES[source].short) : value)))),
    el("section", { "aria-label": "Row of the matrix" },
      el("h3", {}, "Row of the matrix"),
      el("div", { class: "row" }, groups.map(([group, scores]) => el("div", {},
        el("p", {}, group.label),
        el("ul", {}, scores.map((score) => el("li", {},
          toScore(score, badge(score.score), el("span", {}, score.construct.short),
            hidden(`: ${nameOf(score.score)}`)))))))), legend()),
    MODELS.length > 0 && el("section", { "aria-label": "Configurations" },
      el("h3", {}, "In the truth tables"), MODELS.map((model) => modelBox(model, each))),
    groups.map(([group, scores]) => el("section", { "aria-label": group.label, class: "group" },
      el("h3", {}, group.label),
      scores.map((score) => el("div", { class: "construct", "data-construct": score.construct.code },
        scoreBox(score),
        score.statements.map((one) => statementBox(one, { withCase: false })),
        elsewhere(score))))),
    sources.length > 0 && el("section", { "aria-label": "Sources" },
      el("h3", {}, counted(sources.length, "source", "sources")),
      el("ul", { class: "references" }, sources.map((source) => el("li", {}, reference(source))))),
    each.withdrawn.length > 0 && el("section", { "aria-label": "Withdrawn statements" },
      el("h3", {}, "Withdrawn statements"),
      el("p", {}, "These were coded and are no longer part of the evidence."),
      el("ul", {}, each.withdrawn.map(({ id, reason }) => el("li", {}, el("code", {}, id), `: ${reason}.`)))),
  ];
}

// Back to the list, and on to the next of the cases that were found.
function neighbours(each) {
  const cases = sorted(found.cases.includes(each) ? found.cases : CASES, wanted.sort);
  const at = cases.indexOf(each);
  return el("nav", { class: "neighbours", "aria-label": "Cases" },
    link(findAddress(wanted), "← ", cases.length < CASES.length ? "The cases found" : "All cases"),
    cases[at - 1] && toCase(cases[at - 1], "Previous: ", cases[at - 1].name),
    cases[at + 1] && toCase(cases[at + 1], "Next: ", cases[at + 1].name));
}

// Deciding statements that were filed under another construct.
function elsewhere(score) {
  const others = score.evidence.map((id) => STATEMENT.get(id)).filter((one) => one && one.score !== score);
  return others.length > 0 && el("p", { class: "elsewhere" }, "Decided also by: ",
    listed(others.map((one) => toStatement(one, `${one.score.construct.label}, ${one.id}`)), "; "), ".");
}

// A case in a model: its memberships, its row of the truth table, and what the row is worth.
function modelBox(model, each) {
  const memberships = model.memberships[each.index];
  const row = records(model.rows).find(({ cases }) => cases.includes(each.index));
  return el("div", { class: "model" }, el("h4", {}, `Model ${model.name}`),
    memberships && el("ul", { class: "sets" }, model.sets.map(([code, label], i) => el("li", {},
      badge(memberships[i]), " ", label, " ", el("small", {}, code)))),
    !memberships && el("p", {}, `Left out of this model: ${missing(model, each)}.`),
    row && rowText(row),
    row && el("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": `Row ${row.row} of ${model.name}` },
      el("table", { class: "fits" },
        el("thead", {}, el("tr", {}, ["Row as evidence for", "Consistency", "PRI", "Sufficient", "This case"]
          .map((head) => el("th", { scope: "col" }, head)))),
        el("tbody", {}, model.outcomes.map(([outcome, title]) => fitRow(row.fits[outcome], title,
          model.types[each.index]?.[outcome]))))));
}

function missing(model, each) {
  const blank = model.sets.filter(([code]) => each.scores.some((score) =>
    score.construct.code === code && score.score === null));
  return blank.length ? `${blank.map(([, label]) => label).join(", ")}: ${BOOK.blank.name}` : "its sets are not complete";
}

function rowText(row) {
  const names = row.cases.map((index) => CASES[index]);
  const all = link(findAddress({ cases: names.map(({ id }) => id).join(",") }), counted(names.length, "case", "cases"));
  return el("p", {}, `Row ${row.row}: `, el("code", {}, row.configuration), ", with ", all, ": ",
    listed(names.map((one) => toCase(one, one.name))), ".",
    row.mixed && " These cases differ on the outcome.");
}

function fitRow(fit, title, type) {
  const [consistency, pri, code] = fit ?? [null, null, ""];
  const number = (value) => (value === null ? "–" : value.toFixed(2));
  return el("tr", {}, el("th", { scope: "row" }, title), el("td", {}, number(consistency)),
    el("td", {}, number(pri)), el("td", {}, { 1: "yes", 0: "no" }[code] ?? code), el("td", {}, type ?? "–"));
}

// A source ------------------------------------------------------------------------------------

function reference(source) {
  const { authors, title, container, publisher, doi } = source;
  const year = `(${source.year ?? "n.d."}). `;
  const home = [container, publisher].filter(Boolean).join(", ");
  return [authors && [authors, " ", year], toSource(source, title ?? source.key), authors ? ". " : [" ", year],
    home && `${home}. `, webAddress(source, doi ? `doi:${doi}` : "Open the page")];
}

function webAddress({ doi, url }, text) {
  return doi ? away(`https://doi.org/${encodeURI(doi)}`, text) : url ? away(url, text) : "";
}

function sourcePage(source) {
  const facts = [
    ["Authors", source.authors], ["Year", source.year ?? "n.d."], ["Title", source.title],
    ["Published in", source.container], ["Publisher", source.publisher], ["Type", DATA.types[source.type]],
    ["DOI", source.doi && webAddress(source, source.doi)], ["Address", source.url && away(source.url, source.url)],
  ].filter(([, value]) => value);
  const cases = [...new Set(source.statements.map((one) => one.case))];
  return [
    el("nav", { class: "neighbours", "aria-label": "Sources" }, link(findAddress(wanted), "← The list")),
    el("h2", { tabindex: "-1" }, source.short),
    el("dl", { class: "facts wide" }, facts.map(([label, value]) =>
      el("div", {}, el("dt", {}, label), el("dd", {}, value)))),
    el("h3", {}, `${counted(source.statements.length, "statement rests", "statements rest")} on this source`),
    cases.map((each) => el("section", { "aria-label": each.name },
      source.statements.filter((one) => one.case === each).map((one) => statementBox(one)))),
  ];
}

// A table of results -----------------------------------------------------------------------------

// All of a table as its file has it, with one row and one cell of it marked. Rows are counted as in a
// spreadsheet and in RFC 7111: the head is row 1.
function tablePage([name, number, column]) {
  const { columns, rows } = DATA.results[name];
  const file = `source/data/processed/${encodeURIComponent(name)}.csv`;
  const line = (cells, i) => {
    const here = i + 2 === Number(number);
    return el("tr", { class: here && "here", tabindex: here && "-1" },
      el("th", { scope: "row" }, String(i + 2)),
      cells.map((cell, at) => (here && columns[at] === column
        ? el("td", {}, el("mark", {}, cell)) : el("td", {}, cell))));
  };
  return [
    el("nav", { class: "neighbours", "aria-label": "Results" }, link(findAddress(wanted), "← The evidence")),
    el("h2", { tabindex: "-1" }, name),
    el("p", {}, `Table of results with ${counted(rows.length, "row", "rows")}. `,
      el("a", { href: `${file}${number ? `#row=${number}` : ""}` }, "The file"),
      " lies beside this page. ", el("a", { href: "manuscript.html#tbl-claims" }, "The article"),
      " says which numbers come from it and how they were made."),
    el("div", { class: "scroll result", role: "region", tabindex: "0", "aria-label": `Table ${name}` },
      el("table", {},
        el("thead", {}, el("tr", {}, ["Row", ...columns].map((head) => el("th", { scope: "col" }, head)))),
        el("tbody", {}, rows.map(line)))),
  ];
}

// Where we are --------------------------------------------------------------------------------

const PAGES = {
  case: (id) => page(CASE.get(id), casePage, (each) => each.name),
  score: (id) => {
    const cut = id.lastIndexOf("-");
    const code = id.slice(cut + 1);
    return page(CASE.get(id.slice(0, cut)), casePage, (each) => each.name,
      CONSTRUCT.has(code) ? `[data-construct="${code}"] h4` : "h2");
  },
  statement: (id) => page(STATEMENT.get(id)?.case, casePage, (each) => each.name,
    `.construct > [data-id="${CSS.escape(id)}"]`),
  source: (key) => page(SOURCE.get(key), sourcePage, (source) => source.short),
  table: (place) => {
    const parts = place.split("/");
    return page(Object.hasOwn(DATA.results, parts[0]) && parts, tablePage, ([name]) => name, ".here");
  },
};

// A page of one thing: [title, selector of the place to go to], or null if there is no such thing.
function page(item, draw, title, target = "h2") {
  if (!item) return null;
  detail.replaceChildren(...draw(item).flat(Infinity).filter(Boolean));
  return [title(item), target];
}

// Draws what the address names, and returns the element that it is about.
function show() {
  const hash = location.hash.slice(1);
  const [, kind, id] = hash.match(/^(case|score|statement|source|table)-(.+)$/) ?? [];
  if (!kind) {
    const title = showFinder(new URLSearchParams(hash.startsWith("find?") ? hash.slice(5) : ""), history.state?.shown);
    setTitle(title);
    return finder.querySelector("h2");
  }
  const [title, target] = PAGES[kind](decoded(id)) ?? [null, "h2"];
  if (!title) {
    detail.replaceChildren(el("h2", { tabindex: "-1" }, "Not found"),
      el("p", {}, `There is no ${kind} “${decoded(id)}” here. `, link("find", "See everything"), "."));
  }
  finder.hidden = true;
  detail.hidden = false;
  setTitle(title ?? "Not found");
  return detail.querySelector(target) ?? detail.querySelector("h2");
}

function decoded(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

const TITLE = document.title;

function setTitle(title) {
  document.title = title === "Evidence" ? TITLE : `${title} · ${TITLE}`;
  document.body.classList.toggle("inside", finder.hidden);
}

function remember(state) {
  history.replaceState({ ...history.state, ...state }, "");
}

// A new place starts at its heading or at the statement that was asked for; one that is come back
// to, at the line that was left.
function go() {
  const y = history.state?.y;
  const target = show();
  if (y !== undefined) scrollTo({ top: y, behavior: "instant" });
  else arrive(target);
}

function arrive(target) {
  if (target.matches("h2")) scrollTo({ top: 0, behavior: "instant" });
  else if (target.matches("tr")) {
    (target.querySelector("mark") ?? target)
      .scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  } else target.scrollIntoView({ block: "start", behavior: "instant" });
  target.classList.toggle("arrived", !target.matches("h2"));
  target.focus({ preventScroll: true });
}

history.scrollRestoration = "manual";
let resting;
addEventListener("scroll", () => {
  clearTimeout(resting);
  const { href } = location;  // which may be another one by then, that is not shown yet
  resting = setTimeout(() => { if (href === location.href) remember({ y: scrollY }); }, 100);
}, { passive: true });
addEventListener("hashchange", () => { clearTimeout(resting); go(); });
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
app.addEventListener("click", (event) => {
  if (event.target.closest("a[href^='#']")) remember({ y: scrollY });
});

const start = show();
if (history.state?.y !== undefined) scrollTo({ top: history.state.y, behavior: "instant" });
else if (location.hash && !start.matches("h2")) arrive(start);
})();
