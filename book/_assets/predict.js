/* Predicts from a formula on this page, with the networks that `replicate predict` uses; see workflow/browser.py. */
"use strict";
const replicate = (() => {
  let common = null; // symbols, their atomic numbers, and a pattern of the molecules of adducts
  const cards = {}; // name → card of a model, once its script is here

  /* ---- formulas ------------------------------------------------------------------------------------------------ */

  const READABLE = /(?:[A-Z][a-z]*|[()[\]{}])(?:\d+(?:\.\d*)?|\.\d+)?/g;
  const MORE = "; the command `replicate predict` reads more notations than this page";

  const WATER = ["H2O", "D2O", "HDO", "T2O", "OH2", "NH3", "ND3", "N2H4"];
  const NONMETAL = /H(?![efgos])|[BCNOFPSI](?![a-z])|Cl|Br|Si|Se|Te|As/;

  // Whether a point stands before a molecule and is no decimal point, as in CuSO4.5H2O but not in Na0.3WO3.
  function isAdduct(formula, point) {
    const before = formula.slice(0, point.index);
    const rest = formula.slice(point.index + point[0].length).replace(/^\((.*)\)$/, "$1");
    if (WATER.includes(rest)) return true;
    const several = (text) => new Set(text.match(/[A-Z][a-z]?/g)).size > 1;
    if (point[0] === ".") return !before.includes(".") && several(before) && several(rest);
    if (/[A-Za-z)\]}]0$/.test(before)) return false; // as in Na0.3WO3: no amount is zero
    return several(before) && NONMETAL.test(before) && !/\.\d+$/.test(before) && (common.molecule.test(rest) || /^C\d*H/.test(rest));
  }

  // Return the amounts of the elements by atomic number and what was assumed, or throw an Error with what is wrong.
  function parsed(text) {
    const plain = text.trim().replace(/[₀-₉]/g, (digit) => String(digit.charCodeAt(0) - 0x2080));
    if (!plain) throw new Error("formula is empty");
    const formula = plain.replace(/\s+/g, "");
    const points = [...formula.matchAll(/\.\d*(?=[A-Z(])/g)];
    if (points.some((point) => isAdduct(formula, point)) || /[·*•]/.test(formula)) {
      throw new Error(`write the molecules of an adduct in brackets, such as CuSO4(H2O)5${MORE}`);
    }
    for (const [symbol] of formula.matchAll(/[A-Z][a-z]*/g)) {
      if (!common.numbers[symbol]) throw new Error(`unknown element '${symbol}'`);
    }
    if (/-/.test(formula)) throw new Error("a hyphen is no part of a formula; write the amounts, such as Nb0.37Ti0.63");
    const odd = formula.replace(READABLE, " ").trim().split(" ")[0];
    if (odd) throw new Error(`cannot read '${odd}'${MORE}`);
    if (/[([{](?:VIII|VII|VI|IV|IX|V|III|II|I)[)\]}]/.test(formula)) {
      throw new Error(`leave out oxidation states${MORE}`);
    }
    const assumed = [];
    if (/OY$/.test(formula)) {
      const wanted = "an open amount of oxygen is to be a number";
      assumed.push(`OY at the end is read as oxygen and yttrium; ${wanted}`);
    }
    if (/[DT](?![a-z])/.test(formula)) assumed.push("D and T are read as hydrogen");
    if (/\s/.test(plain) && !/\d/.test(plain)) assumed.push(`read as one formula, ${formula}`);
    if (/^[A-Z]{3,8}$/.test(formula)) {
      assumed.push(`read as the elements ${[...formula].join(" ")}; if it is an abbreviation, write it out`);
    }
    return { held: amounts(formula), assumed };
  }

  function amounts(formula) {
    const closes = { ")": "(", "]": "[", "}": "{" };
    const groups = [{ open: "", held: new Map() }];
    const add = (held, z, amount) => held.set(z, (held.get(z) ?? 0) + amount);
    for (const [token] of formula.matchAll(READABLE)) {
      const name = token.match(/^[A-Za-z]+|^./)[0];
      const written = token.slice(name.length);
      const amount = written ? Number(written) : 1;
      if (!(amount >= 1e-8)) throw new Error("an amount is zero");
      const top = groups.at(-1);
      if (common.numbers[name]) {
        add(top.held, common.numbers[name], amount);
      } else if (closes[name]) {
        if (top.open !== closes[name]) throw new Error(`bracket '${name}' closes nothing`);
        groups.pop();
        for (const [z, n] of top.held) add(groups.at(-1).held, z, n * amount);
      } else {
        groups.push({ open: name, held: new Map() });
      }
    }
    if (groups.length > 1) throw new Error(`bracket '${groups.at(-1).open}' is not closed`);
    if (!groups[0].held.size) throw new Error("formula has no atoms");
    return groups[0].held;
  }

  function shares(held) {
    const sum = [...held.values()].reduce((a, b) => a + b, 0);
    return new Map([...held].map(([z, amount]) => [z, amount / sum]));
  }

  /* ---- networks ------------------------------------------------------------------------------------------------ */

  // Weights come as half-precision numbers, two bytes each, in the order in which the layers take them.
  function decoded(base64) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const halves = new Uint16Array(bytes.buffer);
    return Float32Array.from(halves, (half) => {
      const sign = half & 0x8000 ? -1 : 1;
      const exponent = (half >> 10) & 31;
      const fraction = half & 1023;
      return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
    });
  }

  const SIDE = 10;
  const LAYERS = {
    // Zeros are added on all sides; an even kernel gets one more below and to the right, as in Keras.
    conv(x, { inputs, outputs, size }, [weight, bias]) {
      const y = new Float32Array(outputs * SIDE * SIDE);
      const before = (size - 1) >> 1;
      for (let o = 0; o < outputs; o++) {
        const out = y.subarray(o * SIDE * SIDE, (o + 1) * SIDE * SIDE).fill(bias[o]);
        for (let i = 0; i < inputs; i++) {
          for (let r = 0; r < size; r++) {
            for (let c = 0; c < size; c++) {
              const w = weight[((o * inputs + i) * size + r) * size + c];
              const down = r - before;
              const right = c - before;
              for (let row = Math.max(0, -down); row < Math.min(SIDE, SIDE - down); row++) {
                const from = i * SIDE * SIDE + (row + down) * SIDE + right;
                for (let column = Math.max(0, -right); column < Math.min(SIDE, SIDE - right); column++) {
                  out[row * SIDE + column] += w * x[from + column];
                }
              }
            }
          }
        }
      }
      return y;
    },
    // Per channel: weight, bias, running mean and variance; epsilon is that of Keras.
    norm(x, _, [weight, bias, mean, variance]) {
      const each = x.length / weight.length;
      return x.map((value, place) => {
        const c = Math.floor(place / each);
        return ((value - mean[c]) / Math.sqrt(variance[c] + 1e-3)) * weight[c] + bias[c];
      });
    },
    relu: (x) => x.map((value) => Math.max(0, value)),
    pool(x) {
      const half = SIDE / 2;
      const y = new Float32Array(x.length / 4);
      for (let place = 0; place < y.length; place++) {
        const channel = Math.floor(place / (half * half));
        const at = channel * SIDE * SIDE + 2 * SIDE * (Math.floor(place / half) % half) + 2 * (place % half);
        y[place] = Math.max(x[at], x[at + 1], x[at + SIDE], x[at + SIDE + 1]);
      }
      return y;
    },
    dense(x, { inputs, outputs }, [weight, bias]) {
      const y = Float32Array.from(bias);
      for (let i = 0; i < inputs; i++) {
        if (x[i]) for (let o = 0; o < outputs; o++) y[o] += x[i] * weight[i * outputs + o];
      }
      return y;
    },
  };

  // Return what each member of an ensemble gives for fractions by atomic number.
  function members(card, fractions) {
    card.values ??= decoded(card.weights);
    const table = new Float32Array(SIDE * SIDE);
    for (const [z, share] of fractions) table[z - 1] = share;
    return card.centre.map((centre, member) => {
      let x = table;
      let at = 0; // of the layer's first number
      for (const layer of card.layers) {
        const arrays = layer.arrays.map((length) => {
          const first = at + member * length;
          at += card.centre.length * length;
          return card.values.subarray(first, first + length);
        });
        x = LAYERS[layer.kind](x, layer, arrays);
      }
      const y = x[0] * card.scale[member] + centre;
      return card.probability ? 1 / (1 + Math.exp(-y)) : y;
    });
  }

  /* ---- what is known ------------------------------------------------------------------------------------------- */

  // The share of atoms to exchange to get to the nearest compound of the training data.
  function nearest(card, fractions) {
    const known = card.reference;
    known.fractions ??= known.formulas.map((formula) => shares(amounts(formula)));
    let best = { distance: 1, place: -1 };
    known.fractions.forEach((other, place) => {
      let shared = 0;
      for (const [z, share] of fractions) shared += Math.min(share, other.get(z) ?? 0);
      if (1 - shared < best.distance - 1e-12) best = { distance: 1 - shared, place };
    });
    const distance = best.distance < known.same ? 0 : best.distance;
    const [, error, , p90] = known.steps.find(([end]) => distance <= end) ?? known.steps.at(-1);
    const far = error > known.usual * (distance >= known.half ? 1 : known.far);
    return { distance, formula: known.formulas[best.place], measured: known.measured?.[best.place], error, p90, far };
  }

  // Return {value, spread, low, high, nearest, warnings} of a formula by a model that is here; throws what is wrong.
  function predict(name, formula) {
    const card = cards[name];
    const { held, assumed } = parsed(formula);
    const fractions = shares(held);
    const beyond = Math.max(...fractions.keys());
    if (beyond > card.last) {
      throw new Error(
        `element ${common.symbols[beyond - 1]} (Z = ${beyond}) is beyond Z = ${card.last}, where this model's elements end`,
      );
    }
    const values = members(card, fractions);
    const value = values.reduce((a, b) => a + b, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, v) => sum + (v - value) ** 2, 0) / (values.length - 1));
    const unseen = [...fractions.keys()].filter((z) => !card.elements.includes(z)).sort((a, b) => a - b);
    const warnings = [...card.notes, ...assumed];
    if (unseen.length) {
      warnings.push(`elements the model never saw: ${unseen.map((z) => common.symbols[z - 1]).join(", ")}`);
    }
    if (!card.reference) return { value, spread, warnings: [...warnings, card.unplaced] };
    const near = nearest(card, fractions);
    if (near.far) warnings.push("far from the training data");
    const within = card.probability || near.p90 == null ? null : near.p90;
    const low = within == null ? null : Math.max(value - within, card.least ?? -Infinity);
    return { value, spread, low, high: within == null ? null : value + within, nearest: near, warnings };
  }

  /* ---- the page ------------------------------------------------------------------------------------------------ */

  // A script is also read where the page was opened from a disk, which a file of data is not.
  function load(file) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `predict/${file}.js`;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${script.src} cannot be read`));
      document.head.append(script);
    });
  }

  async function need(name) {
    if (!common) await load("common");
    if (!cards[name]) await load(name.replace("/", "--"));
  }

  const short = (value) => Number(value.toPrecision(3)).toString();

  function row(card, found) {
    const unit = card.unit && !card.probability ? ` ${card.unit}` : "";
    const shown = card.probability ? `${Math.round(100 * found.value)} %` : short(found.value) + unit;
    const spread = card.probability ? `${Math.round(100 * found.spread)} %` : short(found.spread) + unit;
    const cells = [card.title, `${shown} ± ${spread}`];
    cells.push(found.low == null ? "–" : `${short(found.low)} to ${short(found.high)}${unit}`);
    const near = found.nearest;
    const measured = near?.measured == null ? "" : `, measured ${short(near.measured)}${unit}`;
    const share = near && `${Math.round(100 * near.distance)} % of the atoms apart`;
    cells.push(near ? (near.formula ? `${near.formula}${measured} (${share})` : "shares no element") : "not known");
    cells.push(found.warnings.join("; ") || "–");
    return cells;
  }

  function start(form) {
    const [box, status, body] = [form.elements.formula, form.querySelector("output"), document.querySelector("#predicted")];
    const asked = new URLSearchParams(location.search).get("formula");
    let turn = 0; // of the last question; an older one that is still at work shows nothing
    async function answer() {
      const [formula, mine] = [box.value, ++turn];
      const names = [...form.querySelectorAll("input[type=checkbox]:checked")].map((input) => input.value);
      body.replaceChildren();
      status.textContent = "reading the networks…";
      try {
        for (const name of names) {
          await need(name);
          if (mine !== turn) return;
          const line = document.createElement("tr");
          for (const [place, text] of row(cards[name], predict(name, formula)).entries()) {
            const cell = document.createElement(place ? "td" : "th");
            if (!place) cell.scope = "row";
            cell.textContent = text;
            line.append(cell);
          }
          body.append(line);
        }
        status.textContent = names.length ? `${formula.trim()}, computed on this page` : "choose a property";
      } catch (error) {
        if (mine === turn) status.textContent = error.message;
      }
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      history.replaceState(null, "", `?formula=${encodeURIComponent(box.value)}`);
      answer();
    });
    if (asked) {
      box.value = asked;
      answer();
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form#predict");
    if (form) start(form);
  });

  return {
    common(given) {
      common = { ...given, molecule: new RegExp(given.molecule), numbers: { D: 1, T: 1 } };
      given.symbols.forEach((symbol, place) => (common.numbers[symbol] = place + 1));
    },
    model: (card) => (cards[card.name] = card),
    need,
    predict,
    fractions: (formula) => Object.fromEntries(shares(parsed(formula).held)),
  };
})();
