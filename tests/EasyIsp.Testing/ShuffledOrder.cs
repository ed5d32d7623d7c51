using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Xunit.Sdk;
using Xunit.v3;

namespace EasyIsp.Testing;

/// <summary>
/// The tests of a class in an order that is the same on every machine: xunit's own depends on the folder that the
/// assembly lies in, so that tests which lean on each other pass here and fail there. <c>EASYISP_TEST_SEED</c>, any
/// number, shuffles them anew to find such tests.
/// </summary>
public sealed class ShuffledOrder : ITestCaseOrderer
{
    private static readonly string Seed = Environment.GetEnvironmentVariable("EASYISP_TEST_SEED") ?? "";

    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase
        => [.. testCases.OrderBy(test => Place(test.TestCaseDisplayName), StringComparer.Ordinal)];

    private static string Place(string test)
        => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Seed}/{test}"))));
}
