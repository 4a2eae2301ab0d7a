// ── The line that puts this page, at its step, into another one ──────────────────────────────────────────────────────

const link = () => `#step=${now}${asking ? "&ask" : ""}`;

function addressOf() {
  const { protocol, href, pathname } = location;
  if (protocol === "about:" || protocol === "blob:" || protocol === "data:") return "page.html";
  return protocol === "file:" ? pathname.split("/").at(-1) : href.split("#")[0];
}

function frameOf() {
  const quoted = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<iframe src="${quoted(addressOf() + link())}" title="${quoted(document.title)}" width="100%" height="640" `
    + 'style="border: 0" loading="lazy"></iframe>';
}

element("embed").addEventListener("click", () => {
  pause();
  element("snippet").value = frameOf();
  element("copied").textContent = "";
  element("sharing").showModal();
  element("snippet").select();
});
element("copy").addEventListener("click", async () => {
  element("snippet").select();
  try {
    await navigator.clipboard.writeText(element("snippet").value);
  } catch {
    document.execCommand("copy"); // where a frame may not use the clipboard
  }
  element("copied").textContent = "Copied.";
});
element("close").addEventListener("click", () => element("sharing").close());

openLink();
