"""Partitions: every batch call with its limit and its errors for each item; filters, segments, pages; indexes."""
import boto3

from journey import refused, wait_for

glue = boto3.client("glue")
DATABASE = "boto3_partitions"
glue.create_database(DatabaseInput={"Name": DATABASE})
of_table = {"DatabaseName": DATABASE, "TableName": "sales"}
keys = [{"Name": "year", "Type": "int"}, {"Name": "country", "Type": "string"}, {"Name": "day", "Type": "date"}]
columns = [{"Name": "id", "Type": "bigint"}]
glue.create_table(
    DatabaseName=DATABASE,
    TableInput={"Name": "sales", "PartitionKeys": keys, "StorageDescriptor": {"Columns": columns, "Location": "s3://b/sales/"}},
)


def partition(*values, **more):
    return {"Values": list(values), "StorageDescriptor": {"Columns": columns, "Location": "s3://b/" + "/".join(values)}, **more}


def get(*values):
    return glue.get_partition(PartitionValues=list(values), **of_table)["Partition"]


# One by one.
glue.create_partition(PartitionInput=partition("2024", "se", "2024-05-01", Parameters={"rows": "1"}), **of_table)
one = get("2024", "se", "2024-05-01")
assert one["Parameters"] == {"rows": "1"} and one["DatabaseName"] == DATABASE and one["TableName"] == "sales", one
assert one["CatalogId"] == "123456789012" and one["CreationTime"].microsecond == 0, one
assert one["StorageDescriptor"]["Columns"] == columns
message = refused("AlreadyExistsException", glue.create_partition, PartitionInput=partition("2024", "se", "2024-05-01"), **of_table)
assert message == "Partition already exists.", message
refused("InvalidInputException", glue.create_partition, PartitionInput=partition("2024", "se"), **of_table)
message = refused("EntityNotFoundException", glue.get_partition, PartitionValues=["1", "x", "2024-01-01"], **of_table)
assert message == "Cannot find partition.", message
glue.update_partition(
    PartitionValueList=["2024", "se", "2024-05-01"], PartitionInput=partition("2024", "SE", "2024-05-01"), **of_table
)
refused("EntityNotFoundException", glue.get_partition, PartitionValues=["2024", "se", "2024-05-01"], **of_table)
assert "Parameters" not in get("2024", "SE", "2024-05-01")
glue.delete_partition(PartitionValues=["2024", "SE", "2024-05-01"], **of_table)
refused("EntityNotFoundException", glue.delete_partition, PartitionValues=["2024", "SE", "2024-05-01"], **of_table)

# In batches: items succeed or fail each for itself, a batch that is too large fails as a whole.
every = [partition(str(year), country, f"{year}-0{month}-01") for year in range(2015, 2025) for country in ("de", "o'neil") for month in (1, 2, 3, 4, 5)]
assert len(every) == 100
assert glue.batch_create_partition(PartitionInputList=every, **of_table)["Errors"] == []
again = [every[0], partition("2014", "de", "2014-01-01"), partition("2014", "de", "2014-01-01")]
errors = glue.batch_create_partition(PartitionInputList=again, **of_table)["Errors"]
assert [(error["PartitionValues"][0], error["ErrorDetail"]["ErrorCode"]) for error in errors] == [
    ("2015", "AlreadyExistsException"),
    ("2014", "AlreadyExistsException"),
], errors
refused("ValidationException", glue.batch_create_partition, PartitionInputList=[*every, every[0]], **of_table)
refused("EntityNotFoundException", glue.batch_create_partition, DatabaseName=DATABASE, TableName="none", PartitionInputList=every[:1])

wanted = [{"Values": each["Values"]} for each in (every[3], every[1])] + [{"Values": ["1", "x", "2024-01-01"]}]
batch = glue.batch_get_partition(PartitionsToGet=wanted, **of_table)
assert sorted(each["Values"] for each in batch["Partitions"]) == sorted([every[3]["Values"], every[1]["Values"]]), batch
assert batch["UnprocessedKeys"] == []
refused("ValidationException", glue.batch_get_partition, PartitionsToGet=[{"Values": ["x"]}] * 1001, **of_table)

changes = [
    {"PartitionValueList": ["2014", "de", "2014-01-01"], "PartitionInput": partition("2014", "fr", "2014-01-01")},
    {"PartitionValueList": ["1", "x", "2024-01-01"], "PartitionInput": partition("1", "y", "2024-01-01")},
]
errors = glue.batch_update_partition(Entries=changes, **of_table)["Errors"]
assert [(error["PartitionValueList"][0], error["ErrorDetail"]["ErrorCode"]) for error in errors] == [("1", "EntityNotFoundException")]
assert get("2014", "fr", "2014-01-01")["Values"][1] == "fr"
refused("ValidationException", glue.batch_update_partition, Entries=changes[:1] * 101, **of_table)

errors = glue.batch_delete_partition(
    PartitionsToDelete=[{"Values": ["2014", "fr", "2014-01-01"]}, {"Values": ["1", "x", "2024-01-01"]}], **of_table
)["Errors"]
assert [(error["PartitionValues"][0], error["ErrorDetail"]["ErrorCode"]) for error in errors] == [("1", "EntityNotFoundException")]
refused("ValidationException", glue.batch_delete_partition, PartitionsToDelete=[{"Values": ["x"]}] * 26, **of_table)


# Filters: typed by the key, quoted as in SQL.
def matching(expression=None, **more):
    if expression is not None:
        more["Expression"] = expression
    pages = glue.get_paginator("get_partitions").paginate(PaginationConfig={"PageSize": 7}, **of_table, **more)
    return [each["Values"] for page in pages for each in page["Partitions"]]


assert len(matching()) == len(matching("")) == 100
assert len({tuple(values) for values in matching()}) == 100
for expression, count in (
    ("year > 2022", 20),
    ("year >= 2022 AND country = 'de'", 15),
    ("country = 'o''neil' and year = 2015", 5),
    ("country LIKE 'o%' AND year IN (2015, 2016)", 10),
    ("NOT (year BETWEEN 2016 AND 2024)", 10),
    ("year = 2015 OR (year = 2016 AND country <> 'de')", 15),
    ("year NOT IN (2015)", 90),
    ("day = '2024-03-01'", 2),
    ("day >= '2024-04-01' AND country != 'de'", 2),
    ("country IS NULL", 0),
    ("country IS NOT NULL", 100),
    ("YEAR = 2020", 10),
    ("country = 'DE'", 0),
):
    assert len(matching(expression)) == count, (expression, len(matching(expression)))
for nonsense in ("year >>> 1", "none = 1", "year = 'x", "AND"):
    refused("InvalidInputException", glue.get_partitions, Expression=nonsense, **of_table)

# Segments are disjoint and complete; columns can be left out.
segments = [matching(Segment={"SegmentNumber": number, "TotalSegments": 4}) for number in range(4)]
assert sorted(sum(segments, [])) == sorted(matching())
refused("InvalidInputException", glue.get_partitions, Segment={"SegmentNumber": 4, "TotalSegments": 4}, **of_table)
without = glue.get_partitions(ExcludeColumnSchema=True, MaxResults=1, **of_table)["Partitions"][0]
assert "Columns" not in without["StorageDescriptor"] and without["StorageDescriptor"]["Location"], without
refused("InvalidInputException", glue.get_partitions, NextToken="not a token", **of_table)


# Indexes of keys.
def indexes():
    return glue.get_partition_indexes(**of_table)["PartitionIndexDescriptorList"]


def create_index(name, *index_keys):
    glue.create_partition_index(PartitionIndex={"IndexName": name, "Keys": list(index_keys)}, **of_table)


assert indexes() == []
create_index("by_year", "year", "country")
wait_for(indexes, lambda found: [index["IndexStatus"] for index in found] == ["ACTIVE"])
assert indexes()[0]["Keys"] == [{"Name": "year", "Type": "int"}, {"Name": "country", "Type": "string"}], indexes()
refused("AlreadyExistsException", glue.create_partition_index, PartitionIndex={"IndexName": "by_year", "Keys": ["day"]}, **of_table)
refused("InvalidInputException", glue.create_partition_index, PartitionIndex={"IndexName": "by_id", "Keys": ["id"]}, **of_table)
assert len(matching("year = 2015 AND country = 'de'")) == 5
glue.delete_partition_index(IndexName="by_year", **of_table)
wait_for(indexes, lambda found: found == [])
refused("EntityNotFoundException", glue.delete_partition_index, IndexName="by_year", **of_table)
# They can be made with the table, three at most.
three = [{"IndexName": f"index_{number}", "Keys": [key["Name"]]} for number, key in enumerate(keys)]
glue.create_table(DatabaseName=DATABASE, TableInput={"Name": "indexed", "PartitionKeys": keys}, PartitionIndexes=three)
indexed = {"DatabaseName": DATABASE, "TableName": "indexed"}
assert len(glue.get_partition_indexes(**indexed)["PartitionIndexDescriptorList"]) == 3
fourth = {"IndexName": "fourth", "Keys": ["year", "day"]}
refused("ResourceNumberLimitExceededException", glue.create_partition_index, PartitionIndex=fourth, **indexed)

# They go with their table.
glue.delete_table(DatabaseName=DATABASE, Name="sales")
glue.create_table(DatabaseName=DATABASE, TableInput={"Name": "sales", "PartitionKeys": keys})
assert matching() == [] and indexes() == []
glue.delete_database(Name=DATABASE)
