"use strict";
(() => {
  const sheet = document.body.dataset;
  const key = `dualprev-inspection-${sheet.sheet}`;
  const fields = [...document.querySelectorAll("fieldset")];
  const by = document.getElementById("by");
  const named = (field, name) => [...field.querySelectorAll(`[name="${name}${field.dataset.number}"]`)];

  // The time on this clock with its offset, as ISO 8601 writes it.
  function now() {
    const at = new Date();
    const minutes = -at.getTimezoneOffset();
    const two = (n) => String(Math.floor(Math.abs(n))).padStart(2, "0");
    const local = new Date(at.getTime() + minutes * 60000).toISOString().slice(0, 19);
    return `${local}${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
  }

  function looked(field) {
    return named(field, "a").find((input) => input.checked)?.value ?? "not_checked";
  }

  function value(field) {
    const form = field.dataset.form;
    if (form === "bool" || form === "choice") {
      const chosen = named(field, "a").find((input) => input.checked)?.dataset.value;
      return form === "bool" ? chosen === "true" : chosen ?? null;
    }
    const inputs = named(field, "v");
    if (form === "several") return inputs.filter((input) => input.checked).map((input) => input.value);
    return inputs[0].value.trim();
  }

  function answer(field) {
    const data = field.dataset;
    const told = { record: data.record, called: data.called };
    if (data.fact) told.fact = data.fact;
    if (data.item) told.item = data.item;
    told.looked = looked(field);
    if (told.looked === "value") told.value = value(field);
    for (const name of ["reason", "place", "photo"]) told[name] = named(field, name)[0].value.trim();
    if (told.looked !== "not_checked") {
      told.by = data.by || by.value.trim();
      told.at = data.at;
    }
    return told;
  }

  function show(field) {
    const answered = looked(field) !== "not_checked";
    field.classList.toggle("answered", answered);
    field.querySelector(".stamp").textContent = answered ? `${field.dataset.by || ""} ${field.dataset.at}`.trim() : "";
    document.getElementById("done").textContent = fields.filter((each) => looked(each) !== "not_checked").length;
  }

  function keep() {
    const state = { by: by.value, answers: fields.map((field) => ({ ...answer(field), by: field.dataset.by })) };
    try {
      localStorage.setItem(key, JSON.stringify(state));
    } catch {
      document.getElementById("unkept").hidden = false;
    }
  }

  function restore() {
    let state = null;
    try {
      state = JSON.parse(localStorage.getItem(key));
    } catch {
      document.getElementById("unkept").hidden = false;
    }
    if (!state) return;
    by.value = state.by || by.value;
    fields.forEach((field, index) => {
      const told = state.answers[index];
      if (!told) return;
      for (const input of named(field, "a")) {
        const same = input.dataset.value === undefined || input.dataset.value === String(told.value);
        input.checked = input.value === told.looked && (told.looked !== "value" || same);
      }
      for (const input of named(field, "v")) {
        if (input.type === "checkbox") input.checked = Array.isArray(told.value) && told.value.includes(input.value);
        else input.value = told.value ?? "";
      }
      for (const name of ["reason", "place", "photo"]) named(field, name)[0].value = told[name] || "";
      if (told.at) field.dataset.at = told.at;
      if (told.by) field.dataset.by = told.by;
    });
  }

  // The field that an answer still wants: a reason for *not applicable*, a result for *checked*.
  function wanted(field) {
    const reason = named(field, "reason")[0];
    if (looked(field) === "not_applicable") return reason.value.trim() ? null : reason;
    return looked(field) === "value" && value(field) === "" ? named(field, "v")[0] : null;
  }

  function wrong(field) {
    const without = wanted(field) !== null;
    field.classList.toggle("wrong", without);
    field.querySelector(".fault").hidden = !without;
    return without;
  }

  function save() {
    const unsigned = !by.value.trim();
    document.getElementById("unsigned").hidden = !unsigned;
    const faulty = fields.filter(wrong);
    if (unsigned) return by.focus();
    if (faulty.length) {
      faulty[0].querySelector("details").open = true;
      return wanted(faulty[0]).focus();
    }
    const { sheet: id, enterprise, day, title } = sheet;
    const told = { inspection: 1, sheet: id, enterprise, day, title, answers: fields.map(answer) };
    const file = new Blob([JSON.stringify(told, null, 1)], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `inspection-${id}-${by.value.trim().replace(/[^\p{L}\p{N}]+/gu, "_")}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  for (const field of fields) {
    field.addEventListener("input", ({ target }) => {
      const { number } = field.dataset;
      if (target.type === "file") {
        if (target.files.length) named(field, "photo")[0].value = target.files[0].name;
      } else if (target.name === `v${number}`) {
        named(field, "a").find((input) => input.value === "value").checked = true;
      }
      if (target.name === `a${number}` || target.name === `v${number}`) {
        field.dataset.at = now();
        field.dataset.by = by.value.trim();
        if (looked(field) === "not_applicable") field.querySelector("details").open = true;
      }
      if (!field.querySelector(".fault").hidden) wrong(field);
      show(field);
      keep();
    });
  }
  by.addEventListener("input", keep);
  document.getElementById("save").addEventListener("click", save);
  restore();
  fields.forEach(show);
})();
