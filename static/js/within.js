/** A signal for `fetch` that gives up after so many milliseconds; browsers of before 2022 have no `AbortSignal.timeout`. */
export function within(milliseconds) {
  if (AbortSignal.timeout) return AbortSignal.timeout(milliseconds);
  const limit = new AbortController();
  setTimeout(() => limit.abort(), milliseconds);
  return limit.signal;
}
