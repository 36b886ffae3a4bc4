"use strict";
(() => {
  const one = (what, from = document) => from.querySelector(what);
  const all = (what, from = document) => [...from.querySelectorAll(what)];
  const policy = window.trustedTypes ? trustedTypes.createPolicy("app", { createHTML: (text) => text }) : { createHTML: (text) => text };
  const box = one("#summary");
  if (box) box.focus();

  // A form is sent once; coming back to the page makes it ready again.
  document.addEventListener("submit", (event) => {
    const button = one("button:not([type=button])", event.target);
    if (event.target.method === "post" && button) setTimeout(() => { button.disabled = true; });
  });
  window.addEventListener("pageshow", () => all("button[disabled]").forEach((b) => { b.disabled = false; }));

  // What is pending settles when the ledger has it: looked at every two seconds, for twenty.
  let looks = 0;
  const settle = async () => {
    const list = one("#timeline[data-pending]");
    if (!list) return;
    if (looks++ >= 10) { all(".slow").forEach((s) => { s.hidden = false; }); return; }
    const answer = await fetch(list.dataset.pending, { headers: { accept: "text/html" } }).catch(() => null);
    if (answer && answer.ok) {
      const fresh = new DOMParser().parseFromString(policy.createHTML(await answer.text()), "text/html");
      const next = one("#timeline", fresh);
      if (next && !next.dataset.pending) { location.assign(location.pathname + "?said=done"); return; }
    }
    setTimeout(settle, 2000);
  };
  setTimeout(settle, 900);

  // A file that is being taken tells how far it is.
  const follow = async () => {
    const shown = one("[data-follow]");
    if (!shown) return;
    const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
    const fresh = answer && answer.ok && one("#taking", new DOMParser().parseFromString(policy.createHTML(await answer.text()), "text/html"));
    if (fresh) shown.replaceWith(fresh);
    setTimeout(follow, 2000);
  };
  setTimeout(follow, 2000);

  all("[data-print]").forEach((b) => { b.hidden = false; b.addEventListener("click", () => window.print()); });

  // Keys: single ones only outside fields, and only while they are not switched off.
  const off = one("#keys-off"), help = one("#help"), keys = one("#keys");
  if (!help) return;
  const store = { get: () => { try { return localStorage.getItem("keys") } catch { return null } }, set: (v) => { try { localStorage.setItem("keys", v) } catch { /* private */ } } };
  off.checked = store.get() === "off";
  off.addEventListener("change", () => store.set(off.checked ? "off" : "on"));
  keys.hidden = false;
  keys.addEventListener("click", () => help.showModal());
  let row = -1, going = false;
  const rows = () => all("table.rows tbody tr");
  const move = (by) => {
    const found = rows();
    if (!found.length) return;
    row = Math.max(0, Math.min(found.length - 1, row + by));
    found.forEach((r, n) => r.classList.toggle("at", n === row));
    const link = one("a", found[row]);
    if (link) link.focus({ preventScroll: true });
    found[row].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input,textarea,select");
    if (field) {
      if (event.key === "Escape") { event.preventDefault(); field.blur(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || help.open || off.checked) return;
    if (going) {
      going = false;
      const link = one(`a[data-go="${CSS.escape(event.key)}"]`);
      if (link) location.assign(link.href);
      return;
    }
    if (event.key === "/") { event.preventDefault(); one("#find").focus(); one("#find").select(); }
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "g") { going = true; setTimeout(() => { going = false; }, 1200); }
    else if (event.key === "?") help.showModal();
  });
})();
