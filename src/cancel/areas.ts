/** The areas of the catalogue, in the order in which reports show them. */
export const areas = ['STATE', 'PERM', 'AUTH', 'BODY', 'RESP', 'EFFECT', 'ADDR', 'ERR', 'ROBUST'] as const;
