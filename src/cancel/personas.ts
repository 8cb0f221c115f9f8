/** The identities that a target may give the suite; the suite derives further callers from them. */
export const personas = [
  'administrator',
  'requestor',
  'otherUser',
  'readOnlyAdministrator',
  'unscopedUser',
  'similarScopeUser',
  'subjectUser',
  'personalAccount',
  'application',
  'expired',
] as const;

export type Persona = (typeof personas)[number];
