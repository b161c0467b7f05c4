/* Starts the notebook's kernel before the notebook is drawn, on the machine's second core.

   JupyterLab would open a session only when it has drawn the whole notebook, seconds later. It first looks for one that
   runs under the notebook's path, and finds this one. Written as the container that a prebuilt extension is (module
   federation), since so few lines need no bundler. */
(() => {
  const KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel";

  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  const start = async (app) => {
    const path = new URLSearchParams(location.search).get("path");
    if (!path?.endsWith(".ipynb")) return;
    await app.activatePlugin(KERNEL); // only then is there a kernel to be started
    const { sessions } = app.serviceManager;
    await sessions.ready;
    await Promise.race([navigator.serviceWorker?.ready, pause(1000)]); // through it the kernel reads the reader's files
    const name = path.split("/").pop();
    const session = await sessions.startNew({ path, name, type: "notebook", kernel: { name: "python" } });
    session.dispose(); // only this connection to it: the session goes on, and the notebook makes its own
    // It does so when it is created: a reader who presses Run while it is still being drawn finds a kernel there.
    app.docRegistry.addWidgetExtension("Notebook", {
      createNew: (panel, context) => {
        if (context.path === path) void context.sessionContext.initialize();
      },
    });
  };

  const plugin = {
    id: "early-kernel:start",
    description: "Starts the kernel of the notebook that the address names.",
    autoStart: true,
    // The page waits for this promise before it opens the notebook, so there is never a second kernel.
    activate: (app) => start(app).catch((error) => console.warn("The kernel starts with the notebook:", error)),
  };

  (window._JUPYTERLAB ??= {})["early-kernel"] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: [plugin] }),
  };
})();
