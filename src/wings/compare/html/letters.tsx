import type { VNode } from 'preact';

/** The runs that something belongs to. */
export function Letters({ letters }: { readonly letters: readonly string[] }): VNode {
  return (
    <>
      {letters.map((letter, index) => (
        <>
          {index === 0 ? null : ' '}
          <b class="letter">{letter}</b>
        </>
      ))}
    </>
  );
}
