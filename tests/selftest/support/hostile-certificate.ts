/**
 * A self-signed certificate for the host `localhost`, with its key. Test data and no secret: nobody trusts it, and it is
 * here because not every machine has a program that makes one. Valid from 2000 to 2199, so that no clock matters.
 */
export const selfSigned = {
  host: 'localhost',
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/tdFixvPXe+gEo3x
01Vzh2Ywj8hOAiEtA33mE1Hucn+hRANCAAQVdtw6KGX/hUzYrZP2EZLMTHSZRUZG
yqIUOfq7E9FqHJ/3E6c04T6W8DU+aE3cRypOcwHf3PgAxvAfcLG1yVfb
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBoDCCAUegAwIBAgIBATAKBggqhkjOPQQDAjA0MTIwMAYDVQQDDClzZWxmLXNp
Z25lZCBjZXJ0aWZpY2F0ZSBvZiB0aGUgc2VsZi10ZXN0czAgFw0wMDAxMDEwMDAw
MDBaGA8yMTk5MTIzMTIzNTk1OVowNDEyMDAGA1UEAwwpc2VsZi1zaWduZWQgY2Vy
dGlmaWNhdGUgb2YgdGhlIHNlbGYtdGVzdHMwWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAAQVdtw6KGX/hUzYrZP2EZLMTHSZRUZGyqIUOfq7E9FqHJ/3E6c04T6W8DU+
aE3cRypOcwHf3PgAxvAfcLG1yVfbo0gwRjAUBgNVHREEDTALgglsb2NhbGhvc3Qw
DwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4EFgQUQonohWK5lZFDDvwKT3jZKEkBMc0w
CgYIKoZIzj0EAwIDRwAwRAIgHQJN8anUHWSty5Z8OzmB/MWCbKM97rvDa3BIUAK0
IvECICeSZe0fPxhp6XRBj5VyCh1dsIamIkHh2WXBo5Y/CkQ5
-----END CERTIFICATE-----
`,
};
