"""Column statistics of tables and partitions: of every type, with an error for each column that fails."""
import datetime
import decimal

import boto3

from journey import refused

glue = boto3.client("glue")
DATABASE = "boto3_statistics"
of_table = {"DatabaseName": DATABASE, "TableName": "t"}
glue.create_database(DatabaseInput={"Name": DATABASE})
types = {"l": "bigint", "d": "double", "s": "string", "b": "boolean", "day": "date", "n": "decimal(10,2)", "raw": "binary"}
columns = [{"Name": name, "Type": type_name} for name, type_name in types.items()]
table = {"Name": "t", "StorageDescriptor": {"Columns": columns}, "PartitionKeys": [{"Name": "year", "Type": "int"}]}
glue.create_table(DatabaseName=DATABASE, TableInput=table)
glue.create_partition(PartitionInput={"Values": ["2024"]}, **of_table)

analyzed = datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.timezone.utc)
day = datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)
number = {"UnscaledValue": (1250).to_bytes(2, "big"), "Scale": 2}
data = {
    "l": ("LONG", {"MinimumValue": 1, "MaximumValue": 2**40, "NumberOfNulls": 0, "NumberOfDistinctValues": 7}),
    "d": ("DOUBLE", {"MinimumValue": 0.5, "MaximumValue": 1e300, "NumberOfNulls": 1, "NumberOfDistinctValues": 2}),
    "s": ("STRING", {"MaximumLength": 9, "AverageLength": 4.5, "NumberOfNulls": 0, "NumberOfDistinctValues": 3}),
    "b": ("BOOLEAN", {"NumberOfTrues": 3, "NumberOfFalses": 4, "NumberOfNulls": 0}),
    "day": ("DATE", {"MinimumValue": day, "MaximumValue": day, "NumberOfNulls": 0, "NumberOfDistinctValues": 1}),
    "n": ("DECIMAL", {"MinimumValue": number, "MaximumValue": number, "NumberOfNulls": 0, "NumberOfDistinctValues": 1}),
    "raw": ("BINARY", {"MaximumLength": 10, "AverageLength": 2.0, "NumberOfNulls": 0}),
}


def statistics(name, column_type=None):
    kind, values = data[name]
    member = f"{kind.capitalize()}ColumnStatisticsData"
    return {
        "ColumnName": name,
        "ColumnType": column_type or types[name],
        "AnalyzedTime": analyzed,
        "StatisticsData": {"Type": kind, member: values},
    }


def of(call, names, **more):
    answer = call(ColumnNames=names, **of_table, **more)
    return {each["ColumnName"]: each for each in answer["ColumnStatisticsList"]}, answer["Errors"]


def check(update, get, delete, **place):
    assert update(ColumnStatisticsList=[statistics(name) for name in types], **of_table, **place)["Errors"] == []
    found, errors = of(get, list(types), **place)
    assert errors == [] and found == {name: statistics(name) for name in types}, found
    value = found["n"]["StatisticsData"]["DecimalColumnStatisticsData"]["MaximumValue"]
    assert decimal.Decimal(int.from_bytes(value["UnscaledValue"], "big")).scaleb(-value["Scale"]) == decimal.Decimal("12.50")
    delete(ColumnName="b", **of_table, **place)
    found, errors = of(get, ["b", "l"], **place)
    assert list(found) == ["l"] and [(each["ColumnName"], each["Error"]["ErrorCode"]) for each in errors] == [
        ("b", "EntityNotFoundException")
    ], errors
    refused("EntityNotFoundException", delete, ColumnName="b", **of_table, **place)
    errors = update(ColumnStatisticsList=[{**statistics("l"), "ColumnName": "none"}], **of_table, **place)["Errors"]
    assert [each["ColumnStatistics"]["ColumnName"] for each in errors] == ["none"], errors


check(glue.update_column_statistics_for_table, glue.get_column_statistics_for_table, glue.delete_column_statistics_for_table)
check(
    glue.update_column_statistics_for_partition,
    glue.get_column_statistics_for_partition,
    glue.delete_column_statistics_for_partition,
    PartitionValues=["2024"],
)
for call, more in (
    (glue.get_column_statistics_for_table, {"ColumnNames": ["c"] * 101}),
    (glue.update_column_statistics_for_table, {"ColumnStatisticsList": [statistics("l")] * 26}),
):
    refused("ValidationException", call, **of_table, **more)
refused("EntityNotFoundException", glue.get_column_statistics_for_table, DatabaseName=DATABASE, TableName="none", ColumnNames=["l"])
refused("EntityNotFoundException", glue.get_column_statistics_for_partition, PartitionValues=["1"], ColumnNames=["l"], **of_table)

# They go with what they are of.
glue.delete_partition(PartitionValues=["2024"], **of_table)
glue.create_partition(PartitionInput={"Values": ["2024"]}, **of_table)
assert of(glue.get_column_statistics_for_partition, ["l"], PartitionValues=["2024"])[0] == {}
glue.delete_table(DatabaseName=DATABASE, Name="t")
glue.create_table(DatabaseName=DATABASE, TableInput=table)
assert of(glue.get_column_statistics_for_table, ["l"])[0] == {}
glue.delete_database(Name=DATABASE)
