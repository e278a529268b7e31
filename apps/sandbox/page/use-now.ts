import { useEffect, useState } from 'preact/hooks';

const everyMs = 15_000;

/** Milliseconds since 1970, fresh enough for "2 minutes ago". */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}
