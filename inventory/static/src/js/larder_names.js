/** A page under the name that its address means, whatever else the address says. */
export function nameOf(address) {
  const asked = ["kind", "warehouse"].map((name) => address.searchParams.get(name) ?? "").filter(Boolean);
  return [address.pathname, ...asked].join(" ");
}
