// Lets the browser show the offline page instead of its own. Where there are no workers, nothing is lost.
navigator.serviceWorker?.register("/worker.js").catch(() => undefined);
