using EasyIsp.Testing;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: TestCaseOrderer(typeof(ShuffledOrder))]
