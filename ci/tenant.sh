#!/usr/bin/env bash
# What a live tenant needs before the first night, made and removed with the Azure CLI: client registrations with consent, people,
# the one role, and a group by which policies can leave the people out. Sign in first, as a Global Administrator or as both a Privileged
# Role Administrator and a User Administrator (az login --allow-no-subscriptions); see docs/live-tenant.md for what each part is for.
#   ci/tenant.sh make      makes everything, and prints what belongs into target.yaml
#   ci/tenant.sh remove    removes what `make` wrote down, and nothing else
#   PREFIX    how the names of all that is made begin; default cancel-conformance
#   DOMAIN    domain of the people; default the tenant's initial one
#   RECORD    file in which everything is written down before and when it is made; default tenant.record, of its owner alone
#   PEOPLE    file with names and passwords of the people, of its owner alone; default tenant.people
# Assigns no licence: whoever owns requests needs one that includes entitlement management, and none with a mailbox.
set -euo pipefail
: "${PREFIX:=cancel-conformance}" "${DOMAIN:=}" "${RECORD:=tenant.record}" "${PEOPLE:=tenant.people}"
umask 077
graph=https://graph.microsoft.com/v1.0
graph_app=00000003-0000-0000-c000-000000000000
# Identity Governance Administrator, the same in every tenant.
role=45d8d3c5-c802-45c6-b32a-1d70b5e1e86e

note() { printf '%s\t%s\n' "$1" "$2" >>"$RECORD"; }
post() { az rest --method post --url "$graph/$1" --headers Content-Type=application/json --body "$2" --query id --output tsv; }

# client NAME PUBLIC [OPTION …]: a registration and its service principal; sets `app` and `principal`.
client() {
  app=$(az ad app create --display-name "$PREFIX $1" --sign-in-audience AzureADMyOrg --is-fallback-public-client "$2" "${@:3}" --query appId --output tsv)
  note app "$app"
  principal=$(az ad sp create --id "$app" --query id --output tsv)
}

# delegated NAME PERMISSION: a client that people sign in to, with one permission that the tenant consents to for all.
delegated() {
  client "$1" true --public-client-redirect-uris http://localhost
  post oauth2PermissionGrants "{\"clientId\":\"$principal\",\"consentType\":\"AllPrincipals\",\"resourceId\":\"$graph_principal\",\"scope\":\"$2\"}" >/dev/null
  printf '%s' "$app" >"$scratch/$1"
}

# person NAME: somebody without a licence, so without a mailbox.
person() {
  local password
  password="Aa1-$(head -c 24 /dev/urandom | base64 | tr -d '/+=')"
  user=$(az ad user create --display-name "$PREFIX $1" --user-principal-name "$PREFIX-$1@$DOMAIN" --password "$password" --query id --output tsv)
  note user "$user"
  printf '%s\t%s\n' "$PREFIX-$1@$DOMAIN" "$password" >>"$PEOPLE"
  az ad group member add --group "$group" --member-id "$user"
}

make() {
  if [[ -e $RECORD ]]; then
    echo "$RECORD: something was made already; remove it first, or name another file in RECORD" >&2
    exit 2
  fi
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  tenant=$(az account show --query tenantId --output tsv)
  [[ -n $DOMAIN ]] || DOMAIN=$(az rest --method get --url "$graph/domains" --query 'value[?isInitial].id | [0]' --output tsv)
  graph_principal=$(az ad sp show --id "$graph_app" --query id --output tsv)

  delegated people EntitlementManagement.ReadWrite.All
  delegated reader EntitlementManagement.Read.All
  delegated unscoped User.Read
  delegated subject EntitlementMgmt-SubjectAccess.ReadWrite
  client application false
  local application=$app permission
  permission=$(az ad sp show --id "$graph_app" --query "appRoles[?value=='EntitlementManagement.ReadWrite.All'].id | [0]" --output tsv)
  post "servicePrincipals/$principal/appRoleAssignments" "{\"principalId\":\"$principal\",\"resourceId\":\"$graph_principal\",\"appRoleId\":\"$permission\"}" >/dev/null

  group=$(az ad group create --display-name "$PREFIX people" --mail-nickname "$PREFIX-people" --query id --output tsv)
  note group "$group"
  local name
  for name in administrator reader unscoped requestor other subject; do
    person "$name"
    # Its defect is to be the permission alone, so whoever lacks one is an administrator in all else.
    case $name in
      administrator | reader | unscoped)
        post roleManagement/directory/roleAssignments "{\"principalId\":\"$user\",\"roleDefinitionId\":\"$role\",\"directoryScopeId\":\"/\"}" >/dev/null
        ;;
    esac
  done

  cat <<YAML
# Into target.yaml:
identityPlatform:
  tenant: $tenant
  clientId: $(cat "$scratch/people")
  cache: tokens.cache.json
identities:
  administrator: { token: { deviceCode: {} } }
  requestor: { token: { deviceCode: {} } }
  otherUser: { token: { deviceCode: {} } }
  readOnlyAdministrator: { token: { deviceCode: { clientId: $(cat "$scratch/reader") } } }
  unscopedUser: { token: { deviceCode: { clientId: $(cat "$scratch/unscoped") } } }
  subjectUser: { token: { deviceCode: { clientId: $(cat "$scratch/subject") } } }
  # Give it a federated credential of your pipeline (az ad app federated-credential create), or a secret.
  application: { token: { clientCredentials: { clientId: $application, secret: { env: CANCEL_APP_SECRET } } } }
requests:
  provider: graph
  tenant: $tenant
# Names and passwords of the people are in $PEOPLE. Have each sign in once: cancel-conformance doctor --sign-in --target target.yaml
# Policies of Conditional Access that would stop them leave out the group $group.
YAML
}

# The latest first. What is gone already is no trouble; what cannot be removed stays written down.
remove() {
  local left=0 kind id rest
  rest=$(mktemp)
  while IFS=$'\t' read -r kind id; do
    if az ad "$kind" show "$([[ $kind == group ]] && echo --group || echo --id)" "$id" --output none 2>/dev/null; then
      if az ad "$kind" delete "$([[ $kind == group ]] && echo --group || echo --id)" "$id"; then continue; fi
      printf '%s\t%s\n' "$kind" "$id" >>"$rest"
      left=$((left + 1))
    fi
  done < <(tac "$RECORD")
  if [[ $left == 0 ]]; then
    rm -f "$RECORD" "$PEOPLE" "$rest"
    echo 'Everything that was made is removed.'
  else
    tac "$rest" >"$RECORD"
    rm -f "$rest"
    echo "$left could not be removed and are in $RECORD; try again." >&2
    exit 3
  fi
}

case ${1:-} in
  make) make ;;
  remove) remove ;;
  *)
    echo 'say make or remove; the head of this file tells more' >&2
    exit 2
    ;;
esac
