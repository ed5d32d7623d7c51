using PhoneNumbers;

namespace EasyIsp.Portal.Payments;

internal static class PhoneExample
{
    /// <summary>A mobile number as people of the country write it.</summary>
    public static string Of(string country)
    {
        var util = PhoneNumberUtil.GetInstance();
        return util.GetExampleNumberForType(country, PhoneNumberType.MOBILE) is { } example
            ? util.Format(example, PhoneNumberFormat.NATIONAL)
            : "+254 712 345678";
    }
}
