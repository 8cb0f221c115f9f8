# What a live tenant needs before the first night, by Terraform: the same as ci/tenant.sh makes, under the same names.
# Client registrations with consent, people, the one role, and a group by which policies can leave the people out.
# Whoever applies it is a Global Administrator, or both a Privileged Role Administrator and a User Administrator.
# The state holds the passwords of the people: keep it where their owner alone may read it.
# Assigns no licence: whoever owns requests needs one that includes entitlement management, and none with a mailbox.

terraform {
  required_version = ">= 1.5"
  required_providers {
    azuread = {
      source  = "hashicorp/azuread"
      version = "~> 3.0"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.6"
    }
  }
}

variable "prefix" {
  description = "How the names of all that is made begin."
  type        = string
  default     = "cancel-conformance"
}

variable "domain" {
  description = "Domain of the people; null: the tenant's initial one."
  type        = string
  default     = null
}

locals {
  # Microsoft Graph, the same in every tenant.
  graph = "00000003-0000-0000-c000-000000000000"
  # Identity Governance Administrator, the same in every tenant.
  role = "45d8d3c5-c802-45c6-b32a-1d70b5e1e86e"

  # Clients that people sign in to, each with the one permission that it needs.
  delegated = {
    people   = "EntitlementManagement.ReadWrite.All"
    reader   = "EntitlementManagement.Read.All"
    unscoped = "User.Read"
    subject  = "EntitlementMgmt-SubjectAccess.ReadWrite"
  }

  people = ["administrator", "reader", "unscoped", "requestor", "other", "subject"]
  # The defect of a persona is to be the permission alone, so whoever lacks one is an administrator in all else.
  administrators = ["administrator", "reader", "unscoped"]

  domain = coalesce(var.domain, data.azuread_domains.initial.domains[0].domain_name)
}

data "azuread_client_config" "current" {}

data "azuread_domains" "initial" {
  only_initial = true
}

data "azuread_service_principal" "graph" {
  client_id = local.graph
}

resource "azuread_application" "delegated" {
  for_each                       = local.delegated
  display_name                   = "${var.prefix} ${each.key}"
  sign_in_audience               = "AzureADMyOrg"
  fallback_public_client_enabled = true

  public_client {
    redirect_uris = ["http://localhost"]
  }
}

resource "azuread_service_principal" "delegated" {
  for_each  = local.delegated
  client_id = azuread_application.delegated[each.key].client_id
}

# The tenant consents for all.
resource "azuread_service_principal_delegated_permission_grant" "delegated" {
  for_each                             = local.delegated
  service_principal_object_id          = azuread_service_principal.delegated[each.key].object_id
  resource_service_principal_object_id = data.azuread_service_principal.graph.object_id
  claim_values                         = [each.value]
}

resource "azuread_application" "application" {
  display_name                   = "${var.prefix} application"
  sign_in_audience               = "AzureADMyOrg"
  fallback_public_client_enabled = false
}

resource "azuread_service_principal" "application" {
  client_id = azuread_application.application.client_id
}

resource "azuread_app_role_assignment" "application" {
  app_role_id         = data.azuread_service_principal.graph.app_role_ids["EntitlementManagement.ReadWrite.All"]
  principal_object_id = azuread_service_principal.application.object_id
  resource_object_id  = data.azuread_service_principal.graph.object_id
}

resource "random_password" "people" {
  for_each    = toset(local.people)
  length      = 32
  special     = false
  min_lower   = 1
  min_upper   = 1
  min_numeric = 1
}

# Without a licence, so without a mailbox.
resource "azuread_user" "people" {
  for_each            = toset(local.people)
  display_name        = "${var.prefix} ${each.key}"
  user_principal_name = "${var.prefix}-${each.key}@${local.domain}"
  mail_nickname       = "${var.prefix}-${each.key}"
  password            = random_password.people[each.key].result
}

resource "azuread_group" "people" {
  display_name     = "${var.prefix} people"
  mail_nickname    = "${var.prefix}-people"
  security_enabled = true
}

resource "azuread_group_member" "people" {
  for_each         = toset(local.people)
  group_object_id  = azuread_group.people.object_id
  member_object_id = azuread_user.people[each.key].object_id
}

resource "azuread_directory_role" "governance" {
  template_id = local.role
}

resource "azuread_directory_role_assignment" "administrators" {
  for_each            = toset(local.administrators)
  role_id             = azuread_directory_role.governance.template_id
  principal_object_id = azuread_user.people[each.key].object_id
}

output "target" {
  description = "What belongs into target.yaml: terraform output -raw target"
  value       = <<-YAML
    identityPlatform:
      tenant: ${data.azuread_client_config.current.tenant_id}
      clientId: ${azuread_application.delegated["people"].client_id}
      cache: tokens.cache.json
    identities:
      administrator: { token: { deviceCode: {} } }
      requestor: { token: { deviceCode: {} } }
      otherUser: { token: { deviceCode: {} } }
      readOnlyAdministrator: { token: { deviceCode: { clientId: ${azuread_application.delegated["reader"].client_id} } } }
      unscopedUser: { token: { deviceCode: { clientId: ${azuread_application.delegated["unscoped"].client_id} } } }
      subjectUser: { token: { deviceCode: { clientId: ${azuread_application.delegated["subject"].client_id} } } }
      # Give it a federated credential of your pipeline (azuread_application_federated_identity_credential), or a secret.
      application: { token: { clientCredentials: { clientId: ${azuread_application.application.client_id}, secret: { env: CANCEL_APP_SECRET } } } }
    requests:
      provider: graph
      tenant: ${data.azuread_client_config.current.tenant_id}
  YAML
}

output "group" {
  description = "The group that policies of Conditional Access leave out."
  value       = azuread_group.people.object_id
}

output "people" {
  description = "Names and passwords of the people: terraform output -json people"
  sensitive   = true
  value       = { for name, user in azuread_user.people : user.user_principal_name => random_password.people[name].result }
}
