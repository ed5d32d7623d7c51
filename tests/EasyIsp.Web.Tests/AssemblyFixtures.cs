using System.Runtime.Versioning;
using EasyIsp.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: TestCaseOrderer(typeof(ShuffledOrder))]
[assembly: SupportedOSPlatform("linux")]
