using System.Text;
using EasyIsp.Core.Payments.Reconciliation;
using MiniExcelLibs;
using Xunit;

namespace EasyIsp.Core.Tests.Payments.Reconciliation;

/// <summary>Statements as the organisation portal exports them (mpesa.md, 14).</summary>
public sealed class StatementFileTests
{
    private const string Head = "Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No.";

    [Fact]
    public void Payments_of_customers_are_read_and_everything_else_is_counted()
    {
        var file = Read($"""
            Short Code,600111
            Time Period,From 02-03-2026

            {Head}
            UA17K4M2QX,2026-03-02 13:05:19,2026-03-02 13:05:10,"Pay Bill from 2547…678 - JANE, WANJIKU Acc. 1042",Completed,"1,500.00",,"47,810.00",TRUE,Pay Bill Online,2547…678 - JANE WANJIKU,,1042
            UA17K4M2QY,2026-03-02 13:06:19,2026-03-02 13:06:10,Pay merchant charge,Completed,,-8.25,"47,801.75",TRUE,Pay merchant Charge,600111 - DEMO ISP,,
            UA17K4M2QZ,2026-03-02 13:07:19,2026-03-02 13:07:10,Pay Bill,Cancelled,20.00,,,TRUE,Pay Bill Online,2547…678 - JANE WANJIKU,,1042
            UA17K4M2R0,2026-03-02 13:08:19,2026-03-02 13:08:10,Utility to working,Completed,900.00,,,TRUE,Organization Transfer,600111 - DEMO ISP,,
            """);

        var row = Assert.Single(file.Rows);
        Assert.Equal(("UA17K4M2QX", 1500m, new DateTimeOffset(2026, 3, 2, 10, 5, 19, TimeSpan.Zero)), (row.Receipt, row.Amount, row.At));
        Assert.Equal(("1042", "2547…678", "JANE WANJIKU", "Pay Bill Online"), (row.Account, row.PayerNumber, row.PayerName, row.Kind));
        Assert.Equal((2, 891.75m), (file.Others.Count, file.Others.Sum));
        Assert.Equal(0, file.Unread.Count);
    }

    [Theory]
    [InlineData("2026-03-02 13:05:19")]
    [InlineData("02-03-2026 13:05:19")]
    [InlineData("2/3/2026 13:05:19")]
    [InlineData("2/3/2026 1:05:19 PM")]
    public void The_year_or_the_day_comes_first(string time)
        => Assert.Equal(new DateTimeOffset(2026, 3, 2, 10, 5, 19, TimeSpan.Zero), Read($"{Head}\n{Row(time: time)}").First);

    [Theory]
    [InlineData("UA17", "2026-03-02 13:05:19", "20.00")]
    [InlineData("UA17K4M2QX", "yesterday", "20.00")]
    [InlineData("UA17K4M2QX", "13/14/2026 13:05", "20.00")]
    [InlineData("UA17K4M2QX", "2026-03-02 13:05:19", "20.001")]
    [InlineData("UA17K4M2QX", "2026-03-02 13:05:19", "99000000.00")]
    [InlineData("UA17K4M2QX", "2026-03-02 13:05:19", "-20.00")]
    [InlineData("UA17K4M2QX", "2026-03-02 13:05:19", "KES 20")]
    public void Money_in_a_row_that_cannot_be_read_is_said(string receipt, string time, string paidIn)
    {
        var file = Read($"{Head}\n{Row(receipt, time, paidIn)}");

        Assert.Empty(file.Rows);
        Assert.Equal(1, file.Unread.Count);
    }

    [Theory]
    [InlineData("Pay Bill Reversal", "Pay Bill")]
    [InlineData("Pay Bill Online", "Reversal of UA17K4M2QA")]
    public void A_reversal_is_no_payment(string kind, string details)
    {
        var file = Read($"{Head}\n{Row().Replace("Pay Bill Online", kind, StringComparison.Ordinal).Replace(",Pay Bill,", $",{details},", StringComparison.Ordinal)}");

        Assert.Empty(file.Rows);
        Assert.Equal(1, file.Unread.Count);
    }

    [Fact]
    public void What_the_payer_typed_makes_no_reversal()
        => Assert.Single(Read($"{Head}\n{Row().Replace(",Pay Bill,", ",Pay Bill from 2547…678 - JANE Acc. reversal,", StringComparison.Ordinal)}").Rows);

    [Theory]
    [InlineData("20.00", 0)]
    [InlineData("30.00", 1)]
    public void A_receipt_with_two_amounts_is_not_read(string again, int unread)
    {
        var file = Read($"{Head}\n{Row()}\n{Row(paidIn: again)}");

        Assert.Equal(20m, Assert.Single(file.Rows).Amount);
        Assert.Equal(unread, file.Unread.Count);
    }

    [Fact]
    public void Columns_are_found_by_name_in_any_order_with_any_usual_separator()
    {
        var file = Read("Paid In;Receipt No.;Other Party Info;Transaction Status;Completion Time\n20.00;UA17K4M2QX;254712345678 - JANE;Completed;2026-03-02 13:05:19");

        Assert.Equal(("UA17K4M2QX", 20m), (file.Rows[0].Receipt, file.Rows[0].Amount));
    }

    [Fact]
    public void A_workbook_is_read_as_well()
    {
        using var content = new MemoryStream();
        content.SaveAs(new[]
        {
            new Dictionary<string, object?>
            {
                ["Receipt No."] = "UA17K4M2QX", ["Completion Time"] = new DateTime(2026, 3, 2, 13, 5, 19), ["Transaction Status"] = "Completed",
                ["Paid In"] = 1500.5, ["Withdrawn"] = null, ["Other Party Info"] = "2547…678 - JANE WANJIKU", ["A/C No."] = "1042",
            },
        });
        content.Position = 0;

        var file = StatementFile.TryRead(content, out _);

        Assert.Equal(("UA17K4M2QX", 1500.5m, new DateTimeOffset(2026, 3, 2, 10, 5, 19, TimeSpan.Zero)), (file!.Rows[0].Receipt, file.Rows[0].Amount, file.Rows[0].At));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Receipt,When,How much\nUA17K4M2QX,today,20")]
    [InlineData("PK\u0003\u0004 no workbook at all")]
    [InlineData("\"an open quote\nand no end")]
    public void What_is_no_statement_is_refused_with_words(string text)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));

        Assert.Null(StatementFile.TryRead(content, out var fault));
        Assert.NotEmpty(fault!);
    }

    [Fact]
    public void Bytes_of_no_text_are_refused_with_words()
    {
        using var content = new MemoryStream([0xff, 0x00, 0xc3, 0x28, 0x0a, 0x80]);

        Assert.Null(StatementFile.TryRead(content, out var fault));
        Assert.NotEmpty(fault!);
    }

    private static string Row(string receipt = "UA17K4M2QX", string time = "2026-03-02 13:05:19", string paidIn = "20.00")
        => $"{receipt},{time},{time},Pay Bill,Completed,{paidIn},,0,TRUE,Pay Bill Online,2547…678 - JANE,,1042";

    private static StatementFile Read(string text)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var file = StatementFile.TryRead(content, out var fault);
        Assert.Null(fault);
        return file!;
    }
}
