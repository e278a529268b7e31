/** The value of a metric without labels as a program of ours tells it; NaN when it does not. */
async function metricOf(port: number, name: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  const text = await answer.text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'mu').exec(text)?.[1] ?? Number.NaN);
}

/** Since the last scrape, 99th percentile. */
export async function eventLoopDelayMs(port: number): Promise<number> {
  return (await metricOf(port, 'instachatico_nodejs_eventloop_lag_p99_seconds')) * 1_000;
}
