/** The areas of the catalogue with their titles, in the order in which reports show them. */
export const areas = {
  STATE: 'Which states can be cancelled',
  PERM: 'Who may cancel',
  AUTH: 'Credentials',
  BODY: 'The request body',
  RESP: 'The answer to a success',
  EFFECT: 'What a cancel leaves untouched',
  ADDR: 'Address and method',
  ERR: 'The answer to a refusal',
  ROBUST: 'Hostile input',
} as const;

export type Area = keyof typeof areas;

export const areaIds = Object.keys(areas) as readonly Area[];
