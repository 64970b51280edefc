// In a page of the preview: reloads it when there is a new edition of it, and shows what is wrong
// with the build until that is corrected.

function watch({ page, edition, news }) {
  const banner = document.createElement("div");
  banner.setAttribute("role", "alert");
  banner.style.cssText =
    "position:fixed;inset:auto 0 0 0;z-index:2147483647;max-height:50vh;overflow:auto;" +
    "padding:1rem 1.5rem;background:#7a1f2b;color:#fff;" +
    "font:0.9rem/1.5 ui-monospace,monospace;white-space:pre-wrap";
  banner.hidden = true;
  document.body.append(banner);
  new EventSource(news).onmessage = ({ data }) => {
    const { editions, problem } = JSON.parse(data);
    if ((editions[page] ?? 0) !== edition) location.reload();
    banner.textContent = problem && `The build stopped: ${problem}`;
    banner.hidden = !problem;
  };
}
