# The services that a pipeline stands among, as Terraform users declare them. With -var revised=true what can be changed in
# place is changed.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }
variable "revised" {
  type    = bool
  default = false
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_metadata_api_check     = true
  skip_credentials_validation = true
  skip_region_validation      = true
  endpoints {
    batch     = var.endpoint
    events    = var.endpoint
    iam       = var.endpoint
    lambda    = var.endpoint
    logs      = var.endpoint
    scheduler = var.endpoint
    sqs       = var.endpoint
    sts       = var.endpoint
  }
  default_tags { tags = { owner = "journey" } }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type = "Service"
      identifiers = [
        "batch.amazonaws.com", "events.amazonaws.com", "lambda.amazonaws.com", "scheduler.amazonaws.com",
      ]
    }
  }
}

resource "aws_iam_role" "services" {
  name               = "terraform-services"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_cloudwatch_log_group" "pipeline" {
  name              = "/terraform/pipeline"
  retention_in_days = var.revised ? 14 : 7
  tags              = { stage = var.revised ? "two" : "one" }
}

resource "aws_cloudwatch_log_stream" "first" {
  name           = "first"
  log_group_name = aws_cloudwatch_log_group.pipeline.name
}

resource "aws_sqs_queue" "dead" {
  name = "terraform-dead"
}

resource "aws_sqs_queue" "heard" {
  name                       = "terraform-heard"
  visibility_timeout_seconds = var.revised ? 60 : 30
  message_retention_seconds  = 86400
  policy                     = data.aws_iam_policy_document.queue.json
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 3
  })
  tags = { stage = var.revised ? "two" : "one" }
}

data "aws_iam_policy_document" "queue" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["arn:aws:sqs:us-east-1:123456789012:terraform-heard"]
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
  }
}

resource "aws_lambda_function" "handler" {
  function_name    = "terraform-handler"
  role             = aws_iam_role.services.arn
  filename         = "handler.zip"
  source_code_hash = filebase64sha256("handler.zip")
  handler          = "index.handler"
  runtime          = "nodejs20.x"
  timeout          = var.revised ? 20 : 10
  memory_size      = 256
  description      = var.revised ? "revised" : "first"
  environment { variables = { STAGE = var.revised ? "two" : "one" } }
  tags = { stage = var.revised ? "two" : "one" }
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.handler.function_name
  function_version = "$LATEST"
}

resource "aws_lambda_permission" "rule" {
  statement_id  = "rule"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.handler.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.orders.arn
}


resource "aws_cloudwatch_event_bus" "shop" {
  name = "terraform-shop"
  tags = { stage = var.revised ? "two" : "one" }
}

resource "aws_cloudwatch_event_rule" "orders" {
  name           = "terraform-orders"
  description    = var.revised ? "revised" : "first"
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  event_pattern  = jsonencode({ source = ["shop"], detail = { amount = [{ numeric = [">", var.revised ? 20 : 10] }] } })
  tags           = { stage = var.revised ? "two" : "one" }
}

resource "aws_cloudwatch_event_target" "queue" {
  rule           = aws_cloudwatch_event_rule.orders.name
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  target_id      = "queue"
  arn            = aws_sqs_queue.heard.arn
  dead_letter_config { arn = aws_sqs_queue.dead.arn }
  retry_policy {
    maximum_event_age_in_seconds = 600
    maximum_retry_attempts       = var.revised ? 4 : 2
  }
  input_transformer {
    input_paths    = { amount = "$.detail.amount" }
    input_template = "{\"amount\": <amount>}"
  }
}

resource "aws_cloudwatch_event_target" "function" {
  rule           = aws_cloudwatch_event_rule.orders.name
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  arn            = aws_lambda_function.handler.arn
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "terraform-nightly"
  schedule_expression = var.revised ? "cron(0 4 * * ? *)" : "cron(0 3 * * ? *)"
}

# No queue: the provider sleeps for half a minute after each change of one, and for a whole one after its end.
resource "aws_batch_compute_environment" "local" {
  compute_environment_name = "terraform-local"
  type                     = "UNMANAGED"
  state                    = "ENABLED"
  service_role             = aws_iam_role.services.arn
}

resource "aws_batch_job_definition" "load" {
  name = "terraform-load"
  type = "container"
  container_properties = jsonencode({
    image   = "busybox"
    command = ["echo", var.revised ? "revised" : "first"]
    resourceRequirements = [
      { type = "VCPU", value = "1" },
      { type = "MEMORY", value = "128" },
    ]
  })
  retry_strategy { attempts = 2 }
  timeout { attempt_duration_seconds = 120 }
}

resource "aws_scheduler_schedule_group" "team" {
  name = "terraform-team"
}

resource "aws_scheduler_schedule" "nightly" {
  name                         = "terraform-nightly"
  group_name                   = aws_scheduler_schedule_group.team.name
  description                  = var.revised ? "revised" : "first"
  schedule_expression          = "cron(30 2 * * ? *)"
  schedule_expression_timezone = "Europe/Berlin"
  state                        = var.revised ? "DISABLED" : "ENABLED"
  flexible_time_window {
    mode                      = "FLEXIBLE"
    maximum_window_in_minutes = 15
  }
  target {
    arn      = "arn:aws:scheduler:::aws-sdk:glue:startJobRun"
    role_arn = aws_iam_role.services.arn
    input    = jsonencode({ JobName = "load" })
    dead_letter_config { arn = aws_sqs_queue.dead.arn }
    retry_policy { maximum_retry_attempts = 3 }
  }
}

resource "aws_scheduler_schedule" "queue" {
  name                = "terraform-queue"
  schedule_expression = "rate(1 hour)"
  flexible_time_window { mode = "OFF" }
  target {
    arn      = aws_sqs_queue.heard.arn
    role_arn = aws_iam_role.services.arn
    input    = "hourly"
  }
}
