// Made from schemas/suite/target.schema.json by: npm run types. Change the schema, and the words in it, not this file.

/**
 * Absolute http or https address without credentials, query, fragment or a slash at the end.
 *
 */
export type BaseUrl = string;
/**
 * Name of an environment variable.
 *
 */
export type EnvironmentVariable = string;
/**
 * Id of a fault or variant.
 *
 */
export type Name = string;
/**
 * Id of an object of the tenant.
 *
 */
export type ObjectId = string;
/**
 * A reason in words for the reader of the report.
 *
 */
export type Reason = string;
/**
 * Id of the tenant (a GUID) or one of its domains; for people of any tenant organizations, for personal accounts consumers.
 *
 */
export type Tenant = string;
/**
 * Id of the registered application that asks for the token (a GUID). It is no secret.
 *
 */
export type ClientId = string;
/**
 * The cloud of Microsoft that the tenant is in; it decides who gives out tokens and what they are for.
 *
 */
export type Cloud = 'global' | 'usGov' | 'usGovDoD' | 'china';
/**
 * Origin of an identity platform other than the cloud's, such as an emulated one; https, or http on this machine, and nothing behind host and port.
 *
 */
export type Authority = string;
/**
 * The file that keeps tokens between runs, seen from the folder of this file. It alone holds tokens: keep it out of version control.
 *
 */
export type Cache = string;
/**
 * The permissions to ask for, each with the resource before it. Left out, it is what the persona needs; for similarScopeUser, and for application by anything but clientCredentials, there is no usual one.
 *
 *
 * Items: One scope, without a space in it.
 */
export type Scopes = readonly string[];
/**
 * Who is tested and what the suite may use there. Name either a baseUrl (a server of yours) or embedded (the target that comes with the suite). Secrets stand in environment variables, never in this file.
 */
export interface Target {
  /**
   * Name of the target in reports.
   */
  readonly name: string;
  /**
   * What stands before /identityGovernance, such as https://graph.microsoft.com/beta; no slash at the end. Not together with embedded.
   */
  readonly baseUrl?: BaseUrl;
  /**
   * Run against the target that comes with the suite, started in the same process. Usually empty: {}. Not together with baseUrl.
   */
  readonly embedded?: {
    /**
     * Id of a fault that breaks the target on purpose, or a list of them: the run has to end nonconformant.
     */
    readonly fault?: Name | readonly Name[];
    /**
     * Id of a variant that uses a freedom of the contract: the run has to stay conformant.
     */
    readonly variant?: Name;
  };
  /**
   * Headers that something in front of the target asks for, such as a gateway: sent with every call to the origin of baseUrl, those of the control protocol there as well, and to no other origin. A plain value stands in reports as it is; a secret one is kept elsewhere. What the suite sends itself, or judges the effect of, is refused.
   */
  readonly headers?: {
    /**
     * The value of this header: as text (quote numbers), or where a secret one is kept.
     *
     */
    readonly [k: string]: string | SecretHeader;
  };
  /**
   * Certificates for https to the target and to its control protocol. Without ca, those hold that the platform trusts, and those of NODE_EXTRA_CA_CERTS.
   */
  readonly tls?: {
    /**
     * PEM file with the authorities that vouch for the target, seen from the folder of this file; then no others do.
     */
    readonly ca?: string;
    /**
     * PEM file with the client certificate that the suite shows, and behind it those of its issuers where the target needs them; with the key as well, unless key names another.
     */
    readonly cert?: string;
    /**
     * PEM file with the key of the client certificate. Left out, the file of cert.
     */
    readonly key?: string;
    /**
     * The passphrase of the key, when it has one.
     */
    readonly passphrase?: Reference;
  };
  /**
   * The edition that the target is held to: a file of specs/editions without its ending.
   */
  readonly edition?: string;
  /**
   * How selectable contested clauses are to be taken, by clause id; the others follow the edition. Example: C-1: '204'.
   */
  readonly readings?: {
    /**
     * Name of a reading of the clause. Quote a name made of digits: YAML takes it for a number otherwise.
     *
     */
    readonly [k: string]: string;
  };
  /**
   * What all tokens of the Microsoft identity platform have in common; each identity may say otherwise.
   */
  readonly identityPlatform?: {
    readonly tenant?: Tenant;
    readonly clientId?: ClientId;
    readonly cloud?: Cloud;
    readonly authority?: Authority;
    readonly cache?: Cache;
  };
  /**
   * Where the token of each persona comes from. All are optional; what needs a missing one is inconclusive and says so. With inventory and graph they have to be named; elsewhere, left out as a whole, the control protocol issues them all.
   */
  readonly identities?: {
    /**
     * Token of an administrator with the edition's permission.
     */
    readonly administrator?: Identity;
    /**
     * Token of a user without a role, with the permission, who owns the requests under test.
     */
    readonly requestor?: Identity;
    /**
     * Token of a second user without a role, with the permission; its one defect: the request is somebody else's.
     */
    readonly otherUser?: Identity;
    /**
     * Token of an administrator; its one defect: the token carries EntitlementManagement.Read.All only.
     */
    readonly readOnlyAdministrator?: Identity;
    /**
     * Token of an administrator; its one defect: the token carries no entitlement permission, User.Read only.
     */
    readonly unscopedUser?: Identity;
    /**
     * Token of an administrator; its one defect: the token carries a scope that merely starts like the permission, and is another one.
     */
    readonly similarScopeUser?: Identity;
    /**
     * Token of a user without a role, who owns requests; judged by editions since June 2026; its one defect: the token carries EntitlementMgmt-SubjectAccess.ReadWrite only.
     */
    readonly subjectUser?: Identity;
    /**
     * Token of an administrator with the permission; its one defect: a personal Microsoft account.
     */
    readonly personalAccount?: Identity;
    /**
     * Token of an application with the permission as an application role; its one defect: a token without a user.
     */
    readonly application?: Identity;
    /**
     * Token of the administrator; its one defect: the lifetime of the token has ended.
     */
    readonly expired?: Identity;
    /**
     * Token of an administrator whose token carries the permission last of several scopes.
     */
    readonly manyScopesUser?: Identity;
    /**
     * Token of an administrator with the permission; its one defect: the token was issued for another service (aud).
     */
    readonly wrongAudience?: Identity;
    /**
     * Token of an administrator with the permission; its one defect: the token is not valid yet (nbf).
     */
    readonly notYetValid?: Identity;
    /**
     * Token of an administrator with the permission; its one defect: the token is of another tenant (tid, iss).
     */
    readonly foreignTenant?: Identity;
  };
  /**
   * Where the suite gets requests in the statuses that it needs.
   */
  readonly requests?: {
    /**
     * control: the target offers the control protocol (specs/control.openapi.yaml). inventory: a file lists requests that stand ready. graph: a live tenant, arranged through Microsoft Graph itself.
     */
    readonly provider: 'control' | 'inventory' | 'graph';
    /**
     * control: base URL of the control protocol, no slash at the end. Left out, it is /conformance/v1 of the baseUrl's origin.
     */
    readonly url?: BaseUrl;
    /**
     * control: the key of the control protocol, where the target asks for one.
     */
    readonly key?: SecretFromEnvironment;
    /**
     * inventory, required there: the file that lists the requests, seen from the folder of this file.
     */
    readonly file?: string;
    /**
     * inventory and graph: the persona whose token reads the state of a request back through the resource. graph alone: owner reads each request with the token of the user who owns it, through filterByCurrentUser, which EntitlementMgmt-SubjectAccess.ReadWrite suffices for; application is graph's alone, too.
     */
    readonly readAs?: 'administrator' | 'readOnlyAdministrator' | 'requestor' | 'otherUser' | 'application' | 'owner';
    /**
     * graph, required there: id of the tenant that may be touched. Tokens of another tenant are refused.
     */
    readonly tenant?: string;
    /**
     * graph: the persona whose token makes and deletes catalogs, packages, policies and requests.
     */
    readonly arrangeAs?: 'administrator' | 'application';
    /**
     * graph: access packages that stand ready, each with its policies; they are used and never changed or deleted. Left out, the run makes its own and deletes them.
     *
     * Items: One access package and its policies; a policy that is left out is made by the run and deleted.
     */
    readonly standing?: readonly {
      /**
       * Id of an access package that gives access to nothing.
       */
      readonly package: ObjectId;
      /**
       * Id of a policy for direct assignment by an administrator, without approval.
       */
      readonly directPolicy?: ObjectId;
      /**
       * Id of a policy that lets requestor and otherUser ask, with one approval by the administrator.
       */
      readonly approvalPolicy?: ObjectId;
    }[];
    /**
     * graph: folder of journals, of the lock and of requests prepared for a later run, seen from the folder of this file. Keep it between runs: recover and prepare live on it.
     */
    readonly state?: string;
    /**
     * graph: fewest leaves out cases that decide nothing which others do not decide as well, and observations that would need a request of their own; all carries out every case.
     */
    readonly cases?: 'fewest' | 'all';
    /**
     * graph: most assignment requests that a run creates. What would need more is inconclusive.
     */
    readonly mostCreated?: number;
    /**
     * graph: most calls that a run sends to arrange and to read. The clean-up after it has as many again.
     */
    readonly mostCalls?: number;
    /**
     * graph: most calls in a second. Some 10 of those that are judged may be sent at one moment, or fewer where this is less; what comes after them waits for as long.
     */
    readonly callsPerSecond?: number;
    /**
     * graph: milliseconds that a request may take to reach a status, and an object to come or to go.
     */
    readonly patienceMs?: number;
  };
  /**
   * Statuses that this target cannot be brought into, each with the reason that the report gives. What only they could tell is inconclusive (exit code 3). With the provider graph, of accepted and of what nobody can bring about at will, it does not apply: the report names it, and a run can end with 0.
   */
  readonly cannotArrange?: {
    /**
     * Why no request can be arranged that is taken in, nothing decided yet.
     */
    readonly accepted?: Reason;
    /**
     * Why no request can be arranged that is waiting for an approver.
     */
    readonly pendingApproval?: Reason;
    /**
     * Why no request can be arranged that is waiting for its start date.
     */
    readonly pendingNotBefore?: Reason;
    /**
     * Why no request can be arranged that is waiting for the approver it was escalated to.
     */
    readonly pendingApprovalEscalated?: Reason;
    /**
     * Why no request can be arranged that is being delivered.
     */
    readonly delivering?: Reason;
    /**
     * Why no request can be arranged that is delivered.
     */
    readonly delivered?: Reason;
    /**
     * Why no request can be arranged whose delivery failed.
     */
    readonly deliveryFailed?: Reason;
    /**
     * Why no request can be arranged that is delivered in part.
     */
    readonly partiallyDelivered?: Reason;
    /**
     * Why no request can be arranged that is denied by an approver.
     */
    readonly denied?: Reason;
    /**
     * Why no request can be arranged that is already cancelled.
     */
    readonly cancelled?: Reason;
    /**
     * Why no request can be arranged that is waiting for a custom extension.
     */
    readonly waitingForCallback?: Reason;
    /**
     * Why no request can be arranged that has lapsed.
     */
    readonly expired?: Reason;
  };
  /**
   * Status codes that a gateway in front of the target answers when it cannot reach it, such as 502 and 503: a call that is answered so tells nothing of the target. Default: none; with the provider graph 502, 503 and 504.
   *
   * Items: A status code.
   */
  readonly gatewayStatuses?: readonly number[];
  /**
   * Milliseconds within which the effect of a cancel has to be visible (clause C-10). The upper bound of ten minutes keeps a run finite.
   */
  readonly settleMs?: number;
  /**
   * Milliseconds after which a call counts as unanswered. Below 100 a busy machine looks dead; above two minutes a dead one looks busy.
   */
  readonly timeoutMs?: number;
  /**
   * true: requests are hard to come by here. Refused calls of the same given then share a request as long as it stays untouched, and cases that send the same call are told from one exchange; no group of cases runs beside another one, and several of these refused calls may be sent at one moment. An inventory is expensive unless this says otherwise.
   */
  readonly expensive?: boolean;
  /**
   * Milliseconds after which a run is ended and told as incomplete, whatever is left of it; recover, prepare and doctor end then, too. Ten minutes are more than twenty times what a healthy local target needs.
   */
  readonly totalMs?: number;
}
/**
 * A secret, read from the environment when the run starts.
 *
 */
export interface SecretFromEnvironment {
  /**
   * The environment variable that holds the secret.
   */
  readonly env: EnvironmentVariable;
}
/**
 * Where a secret is kept: an environment variable or a file, never this file itself.
 *
 */
export interface Reference {
  /**
   * The environment variable that holds it.
   */
  readonly env?: EnvironmentVariable;
  /**
   * The file that holds it and nothing else, seen from the folder of this file.
   */
  readonly file?: string;
}
/**
 * Where the value of a header is kept: exactly one of these keys. Reports show its name in the place of the value.
 *
 */
export interface SecretHeader {
  /**
   * The environment variable that holds it.
   */
  readonly env?: EnvironmentVariable;
  /**
   * The file that holds it and nothing else, seen from the folder of this file.
   */
  readonly file?: string;
  /**
   * A program and its arguments that print it; started once for a run, without a shell.
   *
   * Items: The program, then its arguments.
   */
  readonly command?: readonly string[];
}
/**
 * The certificate that is registered for the application, with its RSA key.
 *
 */
export interface Certificate {
  /**
   * PEM file with the certificate, seen from the folder of this file; with the key as well, unless key names another.
   */
  readonly file: string;
  /**
   * PEM file with the key. Left out, the file of the certificate.
   */
  readonly key?: string;
  /**
   * The passphrase of the key, when it has one.
   */
  readonly passphrase?: Reference;
}
/**
 * How the suite comes to act as a persona.
 *
 */
export interface Identity {
  /**
   * Where the token comes from: exactly one source.
   */
  readonly token: {
    /**
     * The environment variable that holds a ready-made token.
     */
    readonly env?: EnvironmentVariable;
    /**
     * A person signs in once with a code (doctor --sign-in); from then on the cache answers. Tenant, clientId and cache are required, here or under identityPlatform.
     */
    readonly deviceCode?: {
      readonly tenant?: Tenant;
      readonly clientId?: ClientId;
      readonly cloud?: Cloud;
      readonly authority?: Authority;
      readonly cache?: Cache;
      readonly scopes?: Scopes;
    };
    /**
     * A person signs in once in a browser on this machine (doctor --sign-in shows the address); from then on the cache answers. The registration needs the redirect address http://localhost. Tenant, clientId and cache are required, here or under identityPlatform.
     */
    readonly authorizationCode?: {
      readonly tenant?: Tenant;
      readonly clientId?: ClientId;
      readonly cloud?: Cloud;
      readonly authority?: Authority;
      readonly cache?: Cache;
      readonly scopes?: Scopes;
    };
    /**
     * A refresh token that somebody got elsewhere for this client. With a cache, its successors are kept there. Tenant and clientId are required, here or under identityPlatform.
     */
    readonly refreshToken?: {
      /**
       * Where the refresh token is kept.
       */
      readonly token: Reference;
      readonly tenant?: Tenant;
      readonly clientId?: ClientId;
      readonly cloud?: Cloud;
      readonly authority?: Authority;
      readonly cache?: Cache;
      readonly scopes?: Scopes;
    };
    /**
     * A token of an application by itself, which proves itself by exactly one of secret, certificate and assertion. Tenant and clientId are required, here or under identityPlatform.
     */
    readonly clientCredentials?: {
      /**
       * Where the client secret is kept.
       */
      readonly secret?: Reference;
      readonly certificate?: Certificate;
      /**
       * Where the token of a trusted issuer is kept (federated credentials). It is read anew for every run.
       */
      readonly assertion?: Reference;
      readonly tenant?: Tenant;
      readonly clientId?: ClientId;
      readonly cloud?: Cloud;
      readonly authority?: Authority;
      readonly scopes?: Scopes;
    };
    /**
     * true: the control protocol of the target issues the token.
     */
    readonly control?: true;
    /**
     * The file that holds a ready-made token and nothing else, seen from the folder of this file.
     */
    readonly file?: string;
    /**
     * A command that prints the token and nothing else. It is started without a shell and has 30 seconds.
     *
     * Items: The program, then its arguments, one by one.
     */
    readonly command?: readonly string[];
  };
}
