# A lake as Terraform users declare it. With -var revised=true what can be changed in place is changed.
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
  s3_use_path_style           = true
  skip_metadata_api_check     = true
  skip_credentials_validation = true
  skip_region_validation      = true
  endpoints {
    dynamodb = var.endpoint
    glue     = var.endpoint
    iam      = var.endpoint
    s3       = var.endpoint
    sts      = var.endpoint
  }
  default_tags { tags = { owner = "journey" } }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["glue.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "glue" {
  name               = "terraform-glue"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "glue" {
  role       = aws_iam_role.glue.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"
}

resource "aws_glue_catalog_database" "sales" {
  name        = "terraform_sales"
  description = var.revised ? "revised" : "first"
  tags        = { stage = var.revised ? "two" : "one" }
}

resource "aws_glue_catalog_table" "orders" {
  database_name = aws_glue_catalog_database.sales.name
  name          = "orders"
  table_type    = "EXTERNAL_TABLE"
  description   = var.revised ? "revised" : "first"
  parameters    = { classification = "parquet", EXTERNAL = "TRUE" }

  partition_keys {
    name = "year"
    type = "int"
  }
  partition_keys {
    name = "country"
    type = "string"
  }
  storage_descriptor {
    location      = "s3://lake/orders/"
    input_format  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
    ser_de_info {
      name                  = "orders"
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
      parameters            = { "serialization.format" = "1" }
    }
    columns {
      name    = "id"
      type    = "bigint"
      comment = "key"
    }
    dynamic "columns" {
      for_each = var.revised ? ["amount"] : []
      content {
        name = columns.value
        type = "decimal(10,2)"
      }
    }
  }
}

resource "aws_glue_partition" "first" {
  database_name    = aws_glue_catalog_database.sales.name
  table_name       = aws_glue_catalog_table.orders.name
  partition_values = ["2024", "se"]
  parameters       = { round = var.revised ? "2" : "1" }
  storage_descriptor {
    location      = "s3://lake/orders/year=2024/country=se/"
    input_format  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
    columns {
      name = "id"
      type = "bigint"
    }
  }
}

resource "aws_glue_partition_index" "by_year" {
  database_name = aws_glue_catalog_database.sales.name
  table_name    = aws_glue_catalog_table.orders.name
  partition_index {
    index_name = "by_year"
    keys       = ["year"]
  }
}

# What is there already is read as data sources.
data "aws_caller_identity" "current" {}

data "aws_glue_catalog_table" "orders" {
  database_name = aws_glue_catalog_database.sales.name
  name          = aws_glue_catalog_table.orders.name
}

output "read" {
  value = "${data.aws_caller_identity.current.account_id} ${data.aws_glue_catalog_table.orders.table_type}"
}

# Its indexes are made with the table.
resource "aws_glue_catalog_table" "indexed" {
  database_name = aws_glue_catalog_database.sales.name
  name          = "indexed"
  partition_keys {
    name = "day"
    type = "date"
  }
  partition_index {
    index_name = "by_day"
    keys       = ["day"]
  }
}

resource "aws_glue_catalog_table" "view" {
  database_name      = aws_glue_catalog_database.sales.name
  name               = "recent_orders"
  table_type         = "VIRTUAL_VIEW"
  view_original_text = "/* Presto View: e30= */"
  view_expanded_text = "/* Presto View */"
  parameters         = { presto_view = "true" }
  storage_descriptor {
    columns {
      name = "id"
      type = "bigint"
    }
  }
}

resource "aws_glue_catalog_table" "events" {
  database_name = aws_glue_catalog_database.sales.name
  name          = "events"
  table_type    = "EXTERNAL_TABLE"
  open_table_format_input {
    iceberg_input {
      metadata_operation = "CREATE"
      version            = 2
    }
  }
  storage_descriptor {
    location = "s3://${aws_s3_bucket.lake.bucket}/events/"
    columns {
      name    = "id"
      type    = "bigint"
      comment = var.revised ? "revised" : "first"
    }
  }
}

resource "aws_s3_bucket" "lake" {
  bucket        = "terraform-lake"
  force_destroy = true
}

resource "aws_s3_object" "data" {
  bucket  = aws_s3_bucket.lake.bucket
  key     = "in/data.csv"
  content = "id,name\n1,a\n"
}

resource "aws_glue_crawler" "orders" {
  name          = "terraform-orders"
  role          = aws_iam_role.glue.arn
  database_name = aws_glue_catalog_database.sales.name
  description   = var.revised ? "revised" : null
  schedule      = var.revised ? "cron(15 12 * * ? *)" : null
  table_prefix  = "crawled_"
  s3_target {
    path       = "s3://lake/in/"
    exclusions = ["**.tmp"]
  }
  schema_change_policy {
    delete_behavior = "LOG"
    update_behavior = "UPDATE_IN_DATABASE"
  }
  configuration = jsonencode({ Version = 1.0, Grouping = { TableGroupingPolicy = "CombineCompatibleSchemas" } })
}

resource "aws_glue_job" "convert" {
  name              = "terraform-convert"
  role_arn          = aws_iam_role.glue.arn
  glue_version      = "4.0"
  worker_type       = "G.1X"
  number_of_workers = var.revised ? 3 : 2
  max_retries       = 1
  timeout           = 30
  default_arguments = { "--job-language" = "python" }
  command {
    script_location = "s3://lake/scripts/convert.py"
    python_version  = "3"
  }
  execution_property { max_concurrent_runs = 2 }
}

# What an account sets for its catalog, and what stands beside the tables.
data "aws_iam_policy_document" "catalog" {
  statement {
    actions   = ["glue:GetTable"]
    resources = ["arn:aws:glue:us-east-1:${data.aws_caller_identity.current.account_id}:*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}

resource "aws_glue_resource_policy" "catalog" {
  policy = data.aws_iam_policy_document.catalog.json
}

resource "aws_glue_data_catalog_encryption_settings" "catalog" {
  data_catalog_encryption_settings {
    connection_password_encryption {
      return_connection_password_encrypted = false
    }
    encryption_at_rest {
      catalog_encryption_mode = "SSE-KMS"
      sse_aws_kms_key_id      = "arn:aws:kms:us-east-1:123456789012:key/one"
    }
  }
}

resource "aws_glue_security_configuration" "plain" {
  name = "terraform-plain"
  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "DISABLED"
    }
    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "DISABLED"
    }
    s3_encryption {
      s3_encryption_mode = "SSE-S3"
    }
  }
}

resource "aws_glue_connection" "warehouse" {
  name        = "terraform-warehouse"
  description = var.revised ? "revised" : "first"
  connection_properties = {
    JDBC_CONNECTION_URL = "jdbc:postgresql://db:5432/warehouse"
    USERNAME            = "reader"
    PASSWORD            = "secret"
  }
  physical_connection_requirements {
    availability_zone      = "us-east-1a"
    security_group_id_list = ["sg-1"]
    subnet_id              = "subnet-1"
  }
}

resource "aws_glue_user_defined_function" "clean" {
  catalog_id    = aws_glue_catalog_database.sales.catalog_id
  database_name = aws_glue_catalog_database.sales.name
  name          = "clean"
  class_name    = var.revised ? "com.example.Revised" : "com.example.Clean"
  owner_name    = "ana"
  owner_type    = "USER"
  resource_uris {
    resource_type = "JAR"
    uri           = "s3://lake/functions.jar"
  }
}

resource "aws_dynamodb_table" "orders" {
  name         = "terraform-orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  range_key    = "at"
  attribute {
    name = "id"
    type = "S"
  }
  attribute {
    name = "at"
    type = "N"
  }
  attribute {
    name = "owner"
    type = "S"
  }
  global_secondary_index {
    name            = "by-owner"
    hash_key        = "owner"
    projection_type = var.revised ? "KEYS_ONLY" : "ALL"
  }
  ttl {
    enabled        = !var.revised
    attribute_name = "until"
  }
  tags = { team = var.revised ? "revised" : "shop" }
}
resource "aws_dynamodb_table" "stock" {
  name                        = "terraform-stock"
  billing_mode                = "PROVISIONED"
  read_capacity               = var.revised ? 7 : 5
  write_capacity              = 2
  hash_key                    = "sku"
  deletion_protection_enabled = false
  attribute {
    name = "sku"
    type = "S"
  }
  point_in_time_recovery { enabled = false }
  server_side_encryption { enabled = true }
}
resource "aws_dynamodb_table_item" "first" {
  table_name = aws_dynamodb_table.stock.name
  hash_key   = "sku"
  item       = jsonencode({ sku = { S = "x" }, count = { N = var.revised ? "2" : "1" } })
}
