/** Every reason for which the service refuses a call. Causes that share an answer are still told apart here. */
export type RefusalCause =
  | 'missingCredentials'
  | 'emptyCredentials'
  | 'foreignScheme'
  | 'invalidToken'
  | 'expiredToken'
  | 'applicationToken'
  | 'personalAccount'
  | 'missingPermission'
  | 'malformedId'
  | 'unknownId'
  | 'notOwner'
  | 'unsupportedMediaType'
  | 'bodyTooLarge'
  | 'malformedBody'
  | 'unacceptableBody'
  | 'notCancellable'
  | 'alreadyCancelled'
  | 'methodNotAllowed'
  | 'unknownRoute'
  | 'serverError';

interface RefusalTerms {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const unauthenticated = (message: string): RefusalTerms => ({
  status: 401,
  code: 'InvalidAuthenticationToken',
  message,
});
/** The service spells the code of its 403 like this (contract, section 3). */
const forbidden = (message: string): RefusalTerms => ({ status: 403, code: 'UnAuthorized', message });
const invalid = (message: string): RefusalTerms => ({ status: 400, code: 'InvalidModel', message });
const conflict = (message: string): RefusalTerms => ({ status: 400, code: 'RequestCannotBeCancelled', message });
const unknown = (message: string): RefusalTerms => ({ status: 404, code: 'ResourceNotFound', message });

/** What the embedded target answers to each cause. Codes follow those seen from the service where any were seen. */
export const refusalTerms: Readonly<Record<RefusalCause, RefusalTerms>> = {
  missingCredentials: unauthenticated('The request carries no credentials.'),
  emptyCredentials: unauthenticated('The credentials are empty.'),
  foreignScheme: unauthenticated('Only bearer tokens are accepted.'),
  invalidToken: unauthenticated('The access token is not valid.'),
  expiredToken: unauthenticated('The access token has expired or is not valid yet.'),
  applicationToken: forbidden('The operation needs a signed-in user.'),
  personalAccount: forbidden('Personal accounts are not supported.'),
  missingPermission: forbidden('The token lacks the permission for the operation.'),
  malformedId: invalid('The id of the request is not valid.'),
  unknownId: unknown('There is no request with this id.'),
  notOwner: forbidden('The caller may not perform the operation on this request.'),
  unsupportedMediaType: { status: 415, code: 'UnsupportedMediaType', message: 'The body must be JSON.' },
  bodyTooLarge: { status: 413, code: 'RequestEntityTooLarge', message: 'The body is too large.' },
  malformedBody: invalid('The body is not well-formed JSON in UTF-8.'),
  unacceptableBody: invalid('The body does not name this request and the status to set.'),
  notCancellable: conflict('The status of the request does not allow to cancel it.'),
  alreadyCancelled: conflict('The request is cancelled already.'),
  methodNotAllowed: { status: 405, code: 'MethodNotAllowed', message: 'The method is not allowed here.' },
  unknownRoute: unknown('Nothing is served at this address.'),
  serverError: { status: 500, code: 'InternalServerError', message: 'The service failed.' },
};
