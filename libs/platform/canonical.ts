/**
 * JSON text in which members stand in the order of their names (by UTF-16 code unit, as RFC 8785 sorts), so
 * that two texts of one value are equal whatever order they were written in. Undefined members are left out.
 * `value` comes from `JSON.parse`: plain, without cycles.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = value as Readonly<Record<string, unknown>>;
  let text = '{';
  for (const name of Object.keys(members).sort()) {
    const member = members[name];
    if (member === undefined) continue;
    if (text.length > 1) text += ',';
    text += `${JSON.stringify(name)}:${canonicalJson(member)}`;
  }
  return `${text}}`;
}
