"""Athena through boto3: workgroups, queries and their pages, named queries, prepared statements, catalogs, tags."""
import time

import boto3

from journey import refused

athena = boto3.client("athena")
s3 = boto3.client("s3")
s3.create_bucket(Bucket="boto3-athena")
OUTPUT = {"OutputLocation": "s3://boto3-athena/results/"}


def run(text, **options):
    started = athena.start_query_execution(QueryString=text, **{"ResultConfiguration": OUTPUT, **options})
    while True:
        execution = athena.get_query_execution(QueryExecutionId=started["QueryExecutionId"])["QueryExecution"]
        if execution["Status"]["State"] not in ("QUEUED", "RUNNING"):
            return execution
        time.sleep(0.02)


# Where results go, and what is refused.
assert athena.get_work_group(WorkGroup="primary")["WorkGroup"]["State"] == "ENABLED"
refused("InvalidRequestException", athena.start_query_execution, QueryString="SELECT 1")
refused("InvalidRequestException", athena.start_query_execution, QueryString="SELECT 1", WorkGroup="none", ResultConfiguration=OUTPUT)
refused("InvalidRequestException", athena.start_query_execution, QueryString="SELECT 1", ResultConfiguration={"OutputLocation": "s3://no-such-bucket-here/"})
refused("InvalidRequestException", athena.start_query_execution, QueryString="SELECT FROM", ResultConfiguration=OUTPUT)
athena.create_work_group(
    Name="team", Configuration={"ResultConfiguration": {"OutputLocation": "s3://boto3-athena/team/"}}, Tags=[{"Key": "cost", "Value": "1"}]
)
enforced = run("SELECT 1", WorkGroup="team")
assert enforced["ResultConfiguration"]["OutputLocation"] == f"s3://boto3-athena/team/{enforced['QueryExecutionId']}.csv"
arn = "arn:aws:athena:us-east-1:123456789012:workgroup/team"
assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "cost", "Value": "1"}]
athena.tag_resource(ResourceARN=arn, Tags=[{"Key": "owner", "Value": "ana"}])
athena.untag_resource(ResourceARN=arn, TagKeys=["cost"])
assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "owner", "Value": "ana"}]

# Pages: the header is a row of the first one.
numbers = run("SELECT x, x * 2 AS twice FROM UNNEST(sequence(1, 5)) AS t (x)")
assert numbers["Status"]["State"] == "SUCCEEDED", numbers
page = athena.get_query_results(QueryExecutionId=numbers["QueryExecutionId"], MaxResults=2)
assert [[cell["VarCharValue"] for cell in row["Data"]] for row in page["ResultSet"]["Rows"]] == [["x", "twice"], ["1", "2"]]
pages = athena.get_paginator("get_query_results").paginate(QueryExecutionId=numbers["QueryExecutionId"], PaginationConfig={"PageSize": 2})
assert sum(len(page["ResultSet"]["Rows"]) for page in pages) == 6
statistics = athena.get_query_runtime_statistics(QueryExecutionId=numbers["QueryExecutionId"])["QueryRuntimeStatistics"]
assert statistics["Rows"]["OutputRows"] == 5, statistics
metadata = s3.get_object(Bucket="boto3-athena", Key=f"results/{numbers['QueryExecutionId']}.csv.metadata")["Body"].read()
assert b"twice" in metadata and b"bigint" in metadata

# The same token is the same query; with another text it is an error.
token = "t" * 40
first = athena.start_query_execution(QueryString="SELECT 1", ClientRequestToken=token, ResultConfiguration=OUTPUT)["QueryExecutionId"]
assert athena.start_query_execution(QueryString="SELECT 1", ClientRequestToken=token, ResultConfiguration=OUTPUT)["QueryExecutionId"] == first
refused("InvalidRequestException", athena.start_query_execution, QueryString="SELECT 2", ClientRequestToken=token, ResultConfiguration=OUTPUT)

# A query that would run for long is stopped.
long = athena.start_query_execution(
    QueryString="SELECT count(*) FROM UNNEST(sequence(1, 100000)) a (x) CROSS JOIN UNNEST(sequence(1, 100000)) b (y) WHERE x * y % 7 = 3",
    ResultConfiguration=OUTPUT,
)["QueryExecutionId"]
time.sleep(0.3)
refused("InvalidRequestException", athena.get_query_results, QueryExecutionId=long)
athena.stop_query_execution(QueryExecutionId=long)
for _ in range(100):
    status = athena.get_query_execution(QueryExecutionId=long)["QueryExecution"]["Status"]
    if status["State"] not in ("QUEUED", "RUNNING"):
        break
    time.sleep(0.05)
assert status["State"] == "CANCELLED", status

# Failures.
failed = run("SELECT 1 / 0")
assert failed["Status"]["State"] == "FAILED" and failed["Status"]["StateChangeReason"] == "DIVISION_BY_ZERO: Division by zero", failed
assert failed["Status"]["AthenaError"]["ErrorCategory"] == 2
refused("InvalidRequestException", athena.get_query_results, QueryExecutionId=failed["QueryExecutionId"])
listed = athena.list_query_executions(WorkGroup="primary")["QueryExecutionIds"]
assert listed[0] == failed["QueryExecutionId"] and long in listed
batch = athena.batch_get_query_execution(QueryExecutionIds=[first, "00000000-0000-0000-0000-000000000000"])
assert len(batch["QueryExecutions"]) == 1 and len(batch["UnprocessedQueryExecutionIds"]) == 1

# Named queries and prepared statements.
named = athena.create_named_query(Name="one", Database="default", QueryString="SELECT 1", WorkGroup="team")["NamedQueryId"]
assert athena.get_named_query(NamedQueryId=named)["NamedQuery"]["QueryString"] == "SELECT 1"
assert athena.list_named_queries(WorkGroup="team")["NamedQueryIds"] == [named]
athena.create_prepared_statement(StatementName="twice", WorkGroup="primary", QueryStatement="SELECT ? * 2 AS v")
refused("InvalidRequestException", athena.create_prepared_statement, StatementName="twice", WorkGroup="primary", QueryStatement="SELECT 1")
for text, options in (("EXECUTE twice USING 21", {}), ("EXECUTE twice", {"ExecutionParameters": ["21"]})):
    execution = run(text, **options)
    rows = athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])["ResultSet"]["Rows"]
    assert rows[1]["Data"][0]["VarCharValue"] == "42", rows
run("PREPARE mine FROM SELECT ? AS v")
assert [each["StatementName"] for each in athena.list_prepared_statements(WorkGroup="primary")["PreparedStatements"]] == ["mine", "twice"]
run("DEALLOCATE PREPARE mine")
refused("ResourceNotFoundException", athena.get_prepared_statement, StatementName="mine", WorkGroup="primary")

# Catalogs and what is in them.
assert athena.list_data_catalogs()["DataCatalogsSummary"][0]["CatalogName"] == "AwsDataCatalog"
run("CREATE DATABASE boto3_athena")
run("CREATE EXTERNAL TABLE t (a int COMMENT 'one') PARTITIONED BY (d string) LOCATION 's3://boto3-athena/t/'", QueryExecutionContext={"Database": "boto3_athena"})
assert athena.get_database(CatalogName="AwsDataCatalog", DatabaseName="boto3_athena")["Database"]["Name"] == "boto3_athena"
assert "boto3_athena" in [each["Name"] for each in athena.list_databases(CatalogName="AwsDataCatalog")["DatabaseList"]]
table = athena.get_table_metadata(CatalogName="AwsDataCatalog", DatabaseName="boto3_athena", TableName="t")["TableMetadata"]
assert table["Columns"] == [{"Name": "a", "Type": "int", "Comment": "one"}] and table["PartitionKeys"][0]["Name"] == "d", table
assert [each["Name"] for each in athena.list_table_metadata(CatalogName="AwsDataCatalog", DatabaseName="boto3_athena", Expression="t")["TableMetadataList"]] == ["t"]
refused("MetadataException", athena.get_table_metadata, CatalogName="AwsDataCatalog", DatabaseName="boto3_athena", TableName="none")

# A workgroup with something in it goes only when told so; primary never does.
refused("InvalidRequestException", athena.delete_work_group, WorkGroup="team")
athena.update_work_group(WorkGroup="team", State="DISABLED")
refused("InvalidRequestException", athena.start_query_execution, QueryString="SELECT 1", WorkGroup="team")
athena.delete_work_group(WorkGroup="team", RecursiveDeleteOption=True)
refused("InvalidRequestException", athena.get_work_group, WorkGroup="team")
refused("InvalidRequestException", athena.delete_work_group, WorkGroup="primary", RecursiveDeleteOption=True)
