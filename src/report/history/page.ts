/** The path of a page as the address of a link: nothing in it is taken for a scheme, a query or a fragment. */
export const pageAddress = (page: string): string => page.split('/').map(encodeURIComponent).join('/');
