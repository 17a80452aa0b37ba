/** A fresh idempotency key: 128 random bits in hex. `crypto.randomUUID` is missing on plain http, which a LAN often is. */
export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
