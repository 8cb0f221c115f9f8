/** A folder for each of several targets, called after it; two that are called alike get their number. */
export function foldersFor(names: readonly string[]): readonly string[] {
  const plain = names.map((name) =>
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9.-]+/g, '-')
      .replace(/^[.-]+/, ''),
  );
  return plain.map((own, at) => {
    const isTaken = own === '' || plain.slice(0, at).includes(own);
    return isTaken ? `${own}-${at + 1}` : own;
  });
}
