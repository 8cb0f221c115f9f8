/**
 * How the languages in which the documentation is published say that a header must be sent. Words of the page's template,
 * each the whole of a sentence.
 */
const required = [
  'required',
  'erforderlich',
  'obligatoire',
  'requis',
  'obligatorio',
  'necesario',
  'obrigatório',
  'richiesto',
  'verplicht',
  'wymagany',
  'обязательный',
  'обязательно',
  '必須',
  '必須です',
  '必需',
  '必填',
  '필수',
  'مطلوب',
  'חובה',
  'gerekli',
];

/** True when a description holds a sentence that says so; null when none is known to. */
export function saysRequired(description: string): boolean | null {
  const sentences = description.toLowerCase().split(/[.。।،؛;！!\n]+/u);
  return sentences.some((sentence) => required.includes(sentence.trim())) ? true : null;
}
