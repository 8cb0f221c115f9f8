/** A text that is kept elsewhere: in a variable of the environment or in a file. */
export type Reference = { readonly env: string } | { readonly file: string };

/** How an application proves that it is itself. */
export type ClientProof =
  | { readonly secret: Reference }
  | {
      readonly certificate: {
        /** PEM file with the certificate, and with its key unless `key` names another. */
        readonly file: string;
        readonly key: string;
        readonly passphrase: Reference | null;
      };
    }
  | { readonly assertion: Reference };

/** The grant by which a token is asked for. There is none with a password. */
export type PlatformGrant =
  | { readonly kind: 'deviceCode'; readonly cache: string }
  | { readonly kind: 'authorizationCode'; readonly cache: string }
  | { readonly kind: 'refreshToken'; readonly token: Reference; readonly cache: string | null }
  | { readonly kind: 'clientCredentials'; readonly proof: ClientProof };

/** A token of the Microsoft identity platform: who asks whom for what. No secret stands in it. */
export interface PlatformToken {
  /** Origin of the platform, such as `https://login.microsoftonline.com`. */
  readonly authority: string;
  /** Id or domain of the tenant, or `common`, `organizations`, `consumers`. */
  readonly tenant: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly grant: PlatformGrant;
  /** Where it is set: file, line and key, for messages. */
  readonly where: string;
}
