"""Makes the tables of spark-tables.zip and dense.puffin with Spark 3.5.6 and Iceberg 1.10.0, through Glue and S3 of `gluepot up`:

    AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1 python3 write-tables.py http://127.0.0.1:4566

There have to be a bucket `lake` and a database `ice`. The zip holds what the current snapshots consist of, below its keys in the
bucket, and as tables.json the tables of the catalog.
"""

import os
import subprocess
import sys

from pyspark.sql import SparkSession

ENDPOINT = sys.argv[1]
PACKAGES = "org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.10.0,org.apache.iceberg:iceberg-aws-bundle:1.10.0"
CATALOG = {
    "": "org.apache.iceberg.spark.SparkCatalog",
    ".catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
    ".warehouse": "s3://lake/wh",
    ".io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
    ".glue.endpoint": ENDPOINT,
    ".s3.endpoint": ENDPOINT,
    ".s3.path-style-access": "true",
    ".client.region": "us-east-1",
}

builder = (
    SparkSession.builder.master("local[1]")
    .config("spark.jars.packages", PACKAGES)
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.shuffle.partitions", "1")
    .config("spark.sql.extensions", "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
)
for key, value in CATALOG.items():
    builder = builder.config(f"spark.sql.catalog.g{key}", value)
spark = builder.getOrCreate()
sql = spark.sql
iceberg = spark._jvm.org.apache.iceberg
MERGE_ON_READ = "'write.delete.mode'='merge-on-read','write.update.mode'='merge-on-read'"


def table_of(name):
    return iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, f"g.ice.{name}")


def delete_values(name, columns, rows, partition=None):
    """Deletes rows by values, as Flink does: with the library's own writer."""
    table = table_of(name)
    schema = table.schema()
    ids = spark.sparkContext._gateway.new_array(spark._jvm.int, len(columns))
    names = spark._jvm.java.util.ArrayList()
    for index, column in enumerate(columns):
        ids[index] = schema.findField(column).fieldId()
        names.add(column)
    row_schema = schema.select(names)
    parquet = iceberg.FileFormat.PARQUET
    factory = iceberg.data.GenericAppenderFactory(schema, table.spec(), ids, row_schema, None)
    files = iceberg.io.OutputFileFactory.builderFor(table, 1, 1).format(parquet).build()
    target = files.newOutputFile() if partition is None else files.newOutputFile(table.spec(), partition)
    writer = factory.newEqDeleteWriter(target, parquet, partition)
    for row in rows:
        record = iceberg.data.GenericRecord.create(row_schema)
        for column, value in zip(columns, row):
            record.setField(column, value)
        writer.write(record)
    writer.close()
    delta = table.newRowDelta()
    delta.addDeletes(writer.toDeleteFile())
    delta.commit()


# Columns renamed, dropped, widened, added and reordered, also inside of structs and lists; other partitions; a branch and a tag.
sql(
    "CREATE TABLE g.ice.evolved (id int, city string, price float, amount decimal(8,2), gone string, "
    "spot struct<lat:int,label:string>, tags array<struct<k:string,v:int>>, at timestamp, local timestamp_ntz, day date) "
    f"USING iceberg PARTITIONED BY (city) TBLPROPERTIES('format-version'='2',{MERGE_ON_READ})"
)
sql(
    "INSERT INTO g.ice.evolved VALUES "
    "(1,'Oslo',1.5,10.25,'x',named_struct('lat',5,'label','a'),array(named_struct('k','q','v',1)),"
    "timestamp'2024-01-01 10:00:00.123456+02:00',timestamp_ntz'2024-01-01 10:00:00',date'2024-01-01'),"
    "(2,'Lima',2.5,20.25,'y',null,null,timestamp'2024-01-02 10:00:00Z',null,date'2024-01-02'),"
    "(3,'Oslo',3.5,null,null,named_struct('lat',null,'label','c'),array(),null,null,null)"
)
for change in [
    "RENAME COLUMN city TO town",
    "DROP COLUMN gone",
    "ALTER COLUMN id TYPE bigint",
    "ALTER COLUMN price TYPE double",
    "ALTER COLUMN amount TYPE decimal(12,2)",
    "RENAME COLUMN spot.lat TO latitude",
    "RENAME COLUMN tags.element.v TO number",
    "ADD COLUMN spot.height double",
    "ADD COLUMN note string",
    "ALTER COLUMN day FIRST",
    "ADD PARTITION FIELD bucket(4, id)",
]:
    sql(f"ALTER TABLE g.ice.evolved {change}")
EVOLVED = "g.ice.evolved (day,id,town,price,amount,spot,tags,at,local,note)"
sql(
    f"INSERT INTO {EVOLVED} VALUES (date'2024-02-01',4000000000,'Oslo',4.25,12345678.25,"
    "named_struct('latitude',7,'label','d','height',1.5),array(named_struct('k','z','number',9)),"
    "timestamp'2024-02-01 10:00:00Z',timestamp_ntz'2024-02-01 10:00:00','n'),"
    "(null,5,null,null,null,null,null,null,null,null),(null,6,'Rome',6.5,null,null,null,null,null,'six')"
)
sql("DELETE FROM g.ice.evolved WHERE id = 2")
sql("UPDATE g.ice.evolved SET note='changed' WHERE id = 1")
sql("ALTER TABLE g.ice.evolved DROP PARTITION FIELD town")
sql(f"INSERT INTO {EVOLVED} VALUES (null,7,'Bonn',null,null,null,null,null,null,null)")
sql("DELETE FROM g.ice.evolved WHERE id = 6")
sql("ALTER TABLE g.ice.evolved CREATE BRANCH side")
sql("ALTER TABLE g.ice.evolved CREATE TAG t1")
sql(
    "INSERT INTO g.ice.evolved.branch_side (day,id,town,price,amount,spot,tags,at,local,note) "
    "VALUES (null,99,'Bonn',null,null,null,null,null,null,null)"
)

# Version 1, and a table that was of version 1.
sql("CREATE TABLE g.ice.old1 (id int, city string) USING iceberg TBLPROPERTIES('format-version'='1')")
sql("INSERT INTO g.ice.old1 VALUES (1,'a'),(2,'b')")
sql("INSERT INTO g.ice.old1 VALUES (3,'c')")
sql("DELETE FROM g.ice.old1 WHERE id=2")
sql(
    "CREATE TABLE g.ice.upgraded (id int, city string) USING iceberg PARTITIONED BY (city) "
    "TBLPROPERTIES('format-version'='1')"
)
sql("INSERT INTO g.ice.upgraded VALUES (1,'a'),(2,'b'),(3,'a')")
sql(f"ALTER TABLE g.ice.upgraded SET TBLPROPERTIES('format-version'='2',{MERGE_ON_READ})")
sql("DELETE FROM g.ice.upgraded WHERE id=3")

# No snapshot; a snapshot without files; snapshots that are gone.
sql("CREATE TABLE g.ice.nothing (id int, at timestamp) USING iceberg")
sql("CREATE TABLE g.ice.emptied (id int) USING iceberg")
sql("INSERT INTO g.ice.emptied VALUES (1)")
sql("DELETE FROM g.ice.emptied")
sql("CREATE TABLE g.ice.expired (id int) USING iceberg")
for number in range(3):
    sql(f"INSERT OVERWRITE g.ice.expired VALUES ({number})")
sql(
    "CALL g.system.expire_snapshots(table => 'ice.expired', older_than => TIMESTAMP '2100-01-01 00:00:00', retain_last => 1)"
)

# Files of Hive's, which have neither ids nor the column that they are parted by.
sql("CREATE TABLE g.ice.migrated (id int, name string, city string) USING iceberg PARTITIONED BY (city)")
for city, rows, count in [
    ("Oslo", "SELECT 1 AS id, 'a' AS name UNION ALL SELECT 4,'d'", 2),
    ("Lima", "SELECT 2 AS id,'b' AS name", 1),
    ("__HIVE_DEFAULT_PARTITION__", "SELECT 3 AS id,'c' AS name", 1),
]:
    folder = f"hive/{city}"
    sql(rows).coalesce(1).write.mode("overwrite").parquet(folder)
    name = next(each for each in os.listdir(folder) if each.endswith(".parquet"))
    uri = f"s3://lake/wh/ice.db/migrated/hive/city={city}/{name}"
    subprocess.check_call(["aws", "--endpoint-url", ENDPOINT, "s3", "cp", f"{folder}/{name}", uri])
    table = table_of("migrated")
    data = iceberg.DataFiles.builder(table.spec()).withPath(uri).withFormat("PARQUET").withRecordCount(count)
    data = data.withFileSizeInBytes(os.path.getsize(f"{folder}/{name}")).withPartitionPath(f"city={city}")
    table.newAppend().appendFile(data.build()).commit()
table = table_of("migrated")
names = iceberg.mapping.NameMappingParser.toJson(iceberg.mapping.MappingUtil.create(table.schema()))
table.updateProperties().set("schema.name-mapping.default", names).commit()
sql("REFRESH TABLE g.ice.migrated")
sql("INSERT INTO g.ice.migrated VALUES (5,'e','Oslo')")
sql(f"ALTER TABLE g.ice.migrated SET TBLPROPERTIES({MERGE_ON_READ})")
sql("DELETE FROM g.ice.migrated WHERE id = 4")

# Deletes by value: in the whole table, in one partition, and of a time without partitions in all of them.
sql("CREATE TABLE g.ice.upserts (id int NOT NULL, name string, at timestamp) USING iceberg TBLPROPERTIES('format-version'='2')")
sql(
    "INSERT INTO g.ice.upserts VALUES (1,'one',timestamp'2024-01-01 00:00:00Z'),"
    "(2,'two',timestamp'2024-01-01 00:00:00Z'),(3,'three',null)"
)
delete_values("upserts", ["id"], [[2], [3]])
sql("INSERT INTO g.ice.upserts VALUES (2,'two again',timestamp'2024-01-03 00:00:00Z')")
delete_values("upserts", ["id", "name"], [[1, "nobody"], [2, None]])
sql(
    "CREATE TABLE g.ice.parted_upserts (id int NOT NULL, name string, city string) USING iceberg PARTITIONED BY (city) "
    "TBLPROPERTIES('format-version'='2')"
)
sql("INSERT INTO g.ice.parted_upserts VALUES (1,'a','Oslo'),(1,'b','Lima'),(2,'c','Oslo'),(2,'d','Lima')")
table = table_of("parted_upserts")
lima = iceberg.PartitionKey(table.spec(), table.schema())
record = iceberg.data.GenericRecord.create(table.schema())
record.setField("city", "Lima")
lima.partition(record)
delete_values("parted_upserts", ["id"], [[1]], lima)
sql("ALTER TABLE g.ice.parted_upserts DROP PARTITION FIELD city")
delete_values("parted_upserts", ["id"], [[2]])
sql("INSERT INTO g.ice.parted_upserts VALUES (2,'again','Rome')")

# Version 3: deletion vectors, and defaults of columns that came later.
sql(
    "CREATE TABLE g.ice.vectors (id int, city string) USING iceberg PARTITIONED BY (city) "
    f"TBLPROPERTIES('format-version'='3',{MERGE_ON_READ})"
)
sql("INSERT INTO g.ice.vectors SELECT CAST(id AS int), IF(id%2=0,'even','odd') FROM range(200)")
sql("DELETE FROM g.ice.vectors WHERE id IN (3,5,100) OR id BETWEEN 120 AND 150")
sql("UPDATE g.ice.vectors SET city='other' WHERE id=7")
sql("DELETE FROM g.ice.vectors WHERE id=199")
types = iceberg.types.Types
literal = iceberg.expressions.Literal.of
update = table_of("vectors").updateSchema()
update.addColumn("level", types.IntegerType.get(), "doc", literal(42))
update.addColumn("label", types.StringType.get(), None, literal("d'ef"))
update.addColumn("since", types.DateType.get(), None, literal("2024-05-06").to(types.DateType.get()))
update.commit()
sql("REFRESH TABLE g.ice.vectors")
sql("INSERT INTO g.ice.vectors VALUES (1000,'new',1,'own',date'2020-01-01')")

# A vector with containers of runs, bits and shorts: dense.puffin.
sql(
    "CREATE TABLE g.ice.dense (id bigint) USING iceberg "
    f"TBLPROPERTIES('format-version'='3',{MERGE_ON_READ})"
)
sql("INSERT INTO g.ice.dense SELECT id FROM range(0,300000,1,1)")
sql("DELETE FROM g.ice.dense WHERE id % 3 = 0 OR id BETWEEN 70000 AND 200000")
