/** The scalar members of a form or JSON body, as text; everything else is left out. */
export function flatParameters(body: unknown): Record<string, string> {
  const parameters: Record<string, string> = {};
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return parameters;
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === 'string') parameters[name] = value;
    else if (typeof value === 'number' || typeof value === 'boolean') parameters[name] = String(value);
  }
  return parameters;
}
