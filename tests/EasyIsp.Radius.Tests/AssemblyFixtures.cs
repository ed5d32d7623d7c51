using EasyIsp.Testing;

[assembly: AssemblyFixture(typeof(PostgresServer))]
