"use strict";
// The program of the page: it fills charts, numbers, tables and derivations from the one document embedded below.
// Every text of a dataset goes in as text: no HTML is ever made from one.
(() => {
  const page = JSON.parse(document.getElementById("document").textContent);
  const byId = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = (text) => String(text).replaceAll("_", " ");
  const state = { measure: document.querySelector("input[name=measure]:checked").value, programme: byId("programme").value };

  // Rows ---------------------------------------------------------------------------------------------------------
  function unpacked(chart) {
    const names = Object.keys(chart);
    const columns = names.map((name) => (chart[name].texts ? chart[name].rows.map((row) => chart[name].texts[row]) : chart[name]));
    return (columns[0] ?? []).map((_, row) => {
      const entry = Object.fromEntries(names.map((name, column) => [name, columns[column][row]]));
      // Days are drawn as points of time, and the view takes them ready made.
      for (const name of ["quarter_end", "as_of"]) if (name in entry) entry[name] = Date.parse(entry[name]);
      return entry;
    });
  }
  const rows = Object.fromEntries(Object.entries(page.charts).map(([name, chart]) => [name, unpacked(chart)]));
  const shown = (name) => rows[name].filter((row) => row.measure === undefined || row.measure === state.measure);
  const CHARTS = {
    headline: () => shown("accounts").filter((row) => row.programme_id === page.meta.headline && row.middle !== null),
    programmes: () => shown("accounts").filter((row) => row.middle !== null),
    timeline: () => shown("quarters").filter((row) => row.programme_id === state.programme),
    states: () => shown("sites"),
    land: () => shown("sites"),
    overlap: () => shown("overlap"),
    circular: () => shown("circular"),
    tension: () => shown("tension"),
  };

  // Elements -----------------------------------------------------------------------------------------------------
  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "onclick") made.addEventListener("click", value);
      else if (value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== undefined && child !== null));
    return made;
  }
  const text = (value) => element("bdi", {}, String(value ?? ""));
  const opener = (label, open) => element("button", { type: "button", class: "link", onclick: open }, text(label));

  // Numbers ------------------------------------------------------------------------------------------------------
  function putNumber(button, label) {
    const interval = /^(.*?) (\(.*\))$/.exec(label);
    button.replaceChildren(element("b", {}, interval ? interval[1] : label), ...(interval ? [" ", element("span", {}, interval[2])] : []));
  }
  function putNumbers() {
    const labels = new Map(shown("accounts").map((row) => [`${row.programme_id} ${row.account}`, row.label]));
    for (const button of all("button.number")) putNumber(button, labels.get(`${button.dataset.programme} ${button.dataset.account}`) ?? "?");
    for (const unit of all(".unit")) unit.textContent = page.meta.measures[state.measure].unit;
  }

  // Charts -------------------------------------------------------------------------------------------------------
  const narrow = window.matchMedia("screen and (max-width: 56rem)");
  const views = new Map();
  async function draw(name) {
    const place = document.querySelector(`[data-chart="${name}"]`);
    if (!place) return;
    const spec = structuredClone(page.specs[name][narrow.matches ? "narrow" : "wide"]);
    for (const source of spec.data) {
      if (source.name === "rows") source.values = CHARTS[name]();
      if (source.name === `outline_${name}`) source.values = page.outlines[name];
    }
    views.get(name)?.finalize();
    const drawn = await window.vegaEmbed(place, spec, { mode: "vega", renderer: "svg", actions: false, ast: true, defaultStyle: false, logLevel: 1, tooltip }); // 1: errors only
    views.set(name, drawn);
    drawn.view.addEventListener("click", (_, item) => { if (item?.datum) openChartMark(name, item.datum); });
  }
  async function drawAll() {
    for (const name of Object.keys(CHARTS)) {
      await draw(name);
      await new Promise((done) => setTimeout(done)); // between two charts the page answers
    }
    performance.mark("drawn");
    document.documentElement.dataset.drawn = "yes";
  }
  function redraw() {
    for (const [name, drawn] of views) drawn.view.data("rows", CHARTS[name]()).runAsync();
  }

  function tooltip(_handler, event, _item, value) {
    const box = byId("tooltip");
    box.hidden = value === null || value === undefined || value === "";
    if (box.hidden) return;
    const entries = Object.entries(value).flatMap(([name, told]) => [element("dt", {}, words(name)), element("dd", {}, text(told))]);
    box.replaceChildren(element("dl", {}, ...entries));
    const beside = event.clientX + 14 + box.offsetWidth > window.innerWidth ? event.clientX - 14 - box.offsetWidth : event.clientX + 14;
    box.style.left = `${Math.max(4, beside)}px`;
    box.style.top = `${Math.max(4, Math.min(event.clientY + 14, window.innerHeight - box.offsetHeight - 4))}px`;
  }

  // Derivations --------------------------------------------------------------------------------------------------
  function link(id) {
    const [title, publisher, url] = page.sources[id] ?? [id, null, null];
    const told = publisher ? `${publisher}: ${title}` : title;
    // Only the web is linked: another kind of address could run as a program.
    return /^https?:\/\//i.test(url ?? "") ? element("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, text(told)) : text(told);
  }
  const said = ([what, knownOn, source, where]) =>
    element("li", {}, text(what), ", known on ", knownOn, source ? ". " : "", source ? link(source) : "", where ? element("span", { class: "quiet" }, " (", text(where), ")") : "");
  const list = (tag, items) => element(tag, {}, ...items);
  function dealPart(id, heading = "h3") {
    const deal = page.deals[id];
    if (!deal) return [text(id)];
    const parties = [deal.buyer && `buyer ${deal.buyer}`, deal.seller && `seller ${deal.seller}`, deal.beneficiary && `for ${deal.beneficiary}`];
    const facts = [words(deal.layer ?? ""), words(deal.status ?? ""), deal.announced_on && `announced ${deal.announced_on}`, ...parties].filter(Boolean);
    return [
      element(heading, {}, text(deal.title)),
      element("p", { class: "quiet" }, text(facts.join("; "))),
      ...(deal.note ? [element("p", { class: "quiet" }, text(deal.note))] : []),
      ...(deal.said ? [element("h4", {}, "What was said"), list("ul", deal.said.map(said))] : []),
      ...(deal.steps?.[state.measure] ? [element("h4", {}, "Step by step"), list("ol", steps(deal))] : []),
    ];
  }
  function steps(deal) {
    const [perChip, result] = deal.steps[state.measure];
    const chip = `${deal.chip}${deal.year ? `, delivered ${deal.year}` : ""}${deal.chip_is_assumed ? " (assumed: no chip is named)" : ""}`;
    const found = [element("li", {}, "Stated: ", text(deal.stated))];
    if (deal.rated_by !== "chips" && deal.per_chip) {
      found.push(element("li", {}, "One chip of ", text(chip), " is worth ", deal.per_chip, " ", text(deal.rated_by), ", which makes ", deal.steps.chips?.[1] ?? "?"));
    }
    if (state.measure !== "chips" && perChip) found.push(element("li", {}, "One chip of ", text(chip), " is worth ", perChip, " ", words(state.measure)));
    found.push(element("li", {}, "Result: ", element("b", {}, result)));
    return found;
  }
  function sitePart(id, share) {
    const site = page.sites[id];
    if (!site) return [text(id)];
    return [
      element("h3", {}, text(site.name)),
      ...(share ? [element("p", { class: "quiet" }, text(share))] : []),
      ...(site.said ? [list("ul", site.said.map(said))] : [element("p", { class: "quiet" }, "No figure is known for this site.")]),
      ...(site.claims && !share
        ? [element("h4", {}, "Whom it serves"), list("ul", site.claims.map(([deal, part, evidence, source]) =>
            element("li", {}, part ? `${part}: ` : "", text(page.deals[deal]?.title ?? deal), ". ", text(evidence ?? ""), " ", source ? link(source) : "")))]
        : []),
    ];
  }
  function programmePart(id) {
    const programme = page.programmes[id];
    const accounts = shown("accounts").filter((row) => row.programme_id === id);
    const drivers = programme.drivers.map(([name, share]) => element("li", {}, element("code", {}, text(name)), `, ${Math.round(100 * share)} % of the variance`,
      list("ul", (page.assumptions[name] ?? []).map(([scope, values, source]) => element("li", {}, scope ? element("span", {}, text(scope), ": ") : "", text(values), source ? ". " : "", source ? link(source) : "")))));
    return [
      element("p", { class: "quiet" }, text(programme.description ?? "")),
      list("ul", accounts.map((row) => element("li", {}, `${row.account}: `, element("b", {}, row.label), ` ${row.unit}`))),
      element("p", { class: "quiet" }, "Pledged = operational + under construction + planned + unidentified, in every draw."),
      ...(drivers.length ? [element("h4", {}, "What makes the remainder uncertain"), list("ul", drivers)] : []),
      ...programme.deals.flatMap((deal) => dealPart(deal)),
      ...programme.sites.flatMap(([site, share, confidence]) =>
        sitePart(site, `serves this programme with ${share === null ? "an unknown share" : `about ${Math.round(100 * share)} %`}${confidence ? `; confidence ${confidence}` : ""}`)),
    ];
  }
  function open(title, parts) {
    byId("derivation-title").replaceChildren(text(title));
    byId("derivation-body").replaceChildren(...parts);
    const dialog = byId("derivation");
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
  }
  const openers = {
    programme: (row) => open(page.programmes[row.programme_id].name, programmePart(row.programme_id)),
    site: (row) => open(page.sites[row.site_id].name, sitePart(row.site_id)),
    overlap: (row) => open(`Announced again: ${row.scope}`, (page.inside[row.scope_id] ?? []).length
      ? [element("p", {}, `${row.counted_once_label} of ${row.gross_label} ${row.unit} are counted once, in the mean. These deals lie inside another one:`),
         list("ul", page.inside[row.scope_id].map(([part, whole]) => element("li", {}, text(page.deals[part]?.title ?? part), element("span", { class: "quiet" }, " lies in "), text(page.deals[whole]?.title ?? whole)))),
         ...[...new Set(page.inside[row.scope_id].flat())].flatMap((deal) => dealPart(deal))]
      : [element("p", {}, "No deal lies inside another one.")]),
    circular: (row) => open(`${row.party} and ${row.counterparty}`, (page.money[`${row.party_id} ${row.counterparty_id}`] ?? []).flatMap(([deal, kind, face]) =>
      [...dealPart(deal).slice(0, 1), element("p", {}, `${kind === "invested" ? "Invested" : "Bought back"}: ${face} billion dollars, as stated less what another deal tells too`), ...dealPart(deal).slice(1)])),
    tension: (row) => open(`${row.pair}: ${row.label}`, [
      element("p", {}, `Verdict: ${row.verdict}. The first statement, converted into the measure of the second, over the second.`),
      ...(page.deals[row.owner_id] ? dealPart(row.owner_id) : sitePart(row.owner_id))]),
  };
  const MARKS = { headline: "programme", programmes: "programme", timeline: "programme", states: "site", land: "site", overlap: "overlap", circular: "circular", tension: "tension" };
  function openChartMark(name, datum) {
    if (datum.programme_id ?? datum.site_id ?? datum.scope_id ?? datum.party_id ?? datum.owner_id) openers[MARKS[name]](datum);
  }

  // Tables -------------------------------------------------------------------------------------------------------
  const TABLES = {
    timeline: ["timeline", "programme", { Quarter: (row) => row.quarter, Pledged: (row) => row.pledged_label, Operational: (row) => row.operational_label, "Operational or planned": (row) => row.operational_or_planned_label, Kind: (row) => (row.is_actual ? "known" : "forecast") }],
    sites: ["states", "site", { Site: (row) => row.site, Place: (row) => row.place, Operational: (row) => row.operational_label, "Under construction": (row) => row.under_construction_label, Planned: (row) => row.planned_label }],
    overlap: ["overlap", "overlap", { For: (row) => row.scope, "All announcements": (row) => row.gross_interval, "Announced again": (row) => row.overlap_interval, "Counted once": (row) => row.counted_once_interval }],
    circular: ["circular", "circular", { "Investor and seller": (row) => row.party, Buyer: (row) => row.counterparty, Invested: (row) => row.invested_label, "Bought back": (row) => row.bought_back_label }],
    tension: ["tension", "tension", { "Deal or site": (row) => page.deals[row.owner_id]?.title ?? page.sites[row.owner_id]?.name ?? row.owner_id, Pair: (row) => row.pair, Ratio: (row) => row.label, Verdict: (row) => row.verdict }],
  };
  const TEXTS = new Set(["Site", "Place", "For", "Buyer", "Pair", "Deal or site", "Investor and seller", "Quarter", "Verdict", "Kind"]);
  function fillTable(details) {
    if (!details.open) return;
    const [chart, kind, columns] = TABLES[details.dataset.table];
    const names = Object.keys(columns);
    const kindOf = (name) => (TEXTS.has(name) ? "text" : "amount");
    const head = element("tr", {}, ...names.map((name) => element("th", { scope: "col", class: kindOf(name) }, name)));
    const body = CHARTS[chart]().map((row) => element("tr", {}, ...names.map((name, place) =>
      element("td", { class: kindOf(name) }, place === 0 ? opener(columns[name](row), () => openers[kind](row)) : text(columns[name](row))))));
    details.querySelector(".scroll").replaceChildren(element("table", {}, element("thead", {}, head), element("tbody", {}, ...body)));
  }

  // Wiring -------------------------------------------------------------------------------------------------------
  function showEverything() {
    putNumbers();
    redraw();
    all("details.numbers").forEach(fillTable);
  }
  for (const choice of all("input[name=measure]")) choice.addEventListener("change", () => { state.measure = choice.value; showEverything(); });
  byId("programme").addEventListener("change", (event) => { state.programme = event.target.value; showEverything(); });
  for (const details of all("details.numbers")) details.addEventListener("toggle", () => fillTable(details));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.number");
    if (button) openers.programme({ programme_id: button.dataset.programme });
    if (event.target === byId("derivation")) byId("derivation").close();
  });
  narrow.addEventListener("change", drawAll);
  putNumbers();
  performance.mark("interactive"); // from here on the switch and the derivations answer
  requestAnimationFrame(() => setTimeout(drawAll));
})();
