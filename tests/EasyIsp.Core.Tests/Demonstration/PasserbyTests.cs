using EasyIsp.Core.Shared;
using EasyIsp.Emulators.Daraja;
using EasyIsp.Emulators.Demonstration;
using EasyIsp.Emulators.Demonstration.Shoppers;
using Xunit;

namespace EasyIsp.Core.Tests.Demonstration;

public sealed class PasserbyTests
{
    private static readonly Passerby[] Crowd = [.. Enumerable.Range(0, Passerby.MaxCrowd).Select(number => new Passerby(number))];

    [Fact]
    public void Each_has_a_number_and_a_phone_that_nobody_else_has()
    {
        Assert.Equal(Crowd.Length, Crowd.Select(NumberOf).Distinct().Count());
        Assert.Equal(Crowd.Length, Crowd.Select(one => one.Mac(seed: 1)).Distinct().Count());
        Assert.Empty(Crowd.Select(NumberOf).Intersect(Enumerable.Range(0, 1_000).Select(DemoCatalogue.Phone)));
    }

    [Fact]
    public void Four_of_five_pay_and_the_others_fail_as_people_do()
    {
        var endings = Crowd.GroupBy(one => StkScenario.Of(PhoneNumber.ToMsisdn(NumberOf(one))).ResultCode).ToDictionary(group => group.Key, group => group.Count());

        Assert.Equal(
            new Dictionary<string, int> { ["0"] = 800, ["1032"] = 100, ["1"] = 50, ["1037"] = 50 },
            endings);
    }

    private static string NumberOf(Passerby one) => PhoneNumber.Normalize(one.Phone, "KE")!;
}
