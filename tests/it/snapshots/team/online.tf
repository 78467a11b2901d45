# Written by `openclaw-portkey team export` from team.json5, for release 0.2.28 of the provider.
# The state contains the keys that Terraform creates: keep it private.

terraform {
  required_providers {
    portkey = {
      source  = "portkey-ai/portkey"
      version = "~> 0.2.28"
    }
  }
}

# Without this the provider would take PORTKEY_API_KEY, the key that OpenClaw uses.
variable "portkey_admin_api_key" {
  type      = string
  sensitive = true
}

variable "portkey_workspace_id" {
  type    = string
  default = "ws-team-1a2b3c"
}

provider "portkey" {
  api_key = var.portkey_admin_api_key
}

# The limits of @gemini. Terraform can't set them; these are the limits of its integration in
# the workspace, which the dashboard calls Budget & Limits.

import {
  to = portkey_integration_workspace_access.gemini
  id = "google-int/ws-team-1a2b3c"
}

resource "portkey_integration_workspace_access" "gemini" {
  integration_id = "google-int"
  workspace_id   = var.portkey_workspace_id

  usage_limits = [{
    type           = "cost"
    credit_limit   = 500
    periodic_reset = "monthly"
  }]

  rate_limits = [
    { type = "requests", unit = "rpm", value = 100 },
  ]
}

import {
  to = portkey_config.main
  id = "pc-main-0001"
}

resource "portkey_config" "main" {
  name         = "main"
  workspace_id = var.portkey_workspace_id
  config       = jsonencode({
    "strategy" = {
      "mode" = "fallback"
    }
    "targets" = [
      {
        "override_params" = {
          "model" = "@openai/gpt-5"
        }
      },
      {
        "override_params" = {
          "model" = "@gemini/gemini-2.5-pro"
        }
      },
    ]
  })
}

data "portkey_users" "alice" {
  email = "alice@example.com"
}

import {
  to = portkey_api_key.alice
  id = "00000000-0000-4000-9000-000000000001"
}

resource "portkey_api_key" "alice" {
  name         = "alice"
  type         = "workspace"
  sub_type     = "user"
  workspace_id = var.portkey_workspace_id
  user_id      = data.portkey_users.alice.users[0].id

  scopes = ["completions.write", "virtual_keys.list"]

  config_id             = portkey_config.main.id
  allow_config_override = false

  metadata = {
    "team" = "backend"
  }

  usage_limits = {
    type           = "cost"
    credit_limit   = 20
    periodic_reset = "monthly"
  }

  rate_limits = [
    { type = "requests", unit = "rpm", value = 60 },
    { type = "tokens", unit = "rph", value = 100000 },
  ]

  alert_emails = ["lead@example.com"]

  expires_at = "TIME"
}

import {
  to = portkey_api_key.ci
  id = "00000000-0000-4000-9000-000000000002"
}

resource "portkey_api_key" "ci" {
  name         = "ci"
  type         = "workspace"
  sub_type     = "service"
  workspace_id = var.portkey_workspace_id

  scopes = ["completions.write", "virtual_keys.list"]

  metadata = {
    "team" = "backend"
  }
}

import {
  to = portkey_api_key.ops
  id = "00000000-0000-4000-9000-000000000003"
}

resource "portkey_api_key" "ops" {
  name         = "ops"
  type         = "workspace"
  sub_type     = "service"
  workspace_id = var.portkey_workspace_id

  scopes = ["completions.write", "virtual_keys.list"]

  metadata = {
    "agent" = "ops"
  }

  usage_limits = {
    type           = "cost"
    credit_limit   = 5
    periodic_reset = "weekly"
  }

  expires_at = "IN-90-DAYS"
}
