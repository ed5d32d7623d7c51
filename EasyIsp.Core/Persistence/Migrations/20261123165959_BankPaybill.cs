using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class BankPaybill : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_payment_accounts_terms",
                table: "payment_accounts");

            migrationBuilder.AddColumn<string>(
                name: "bank_account",
                table: "payment_accounts",
                type: "character varying(12)",
                maxLength: 12,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "bank_paybill",
                table: "payment_accounts",
                type: "character varying(7)",
                maxLength: 7,
                nullable: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_payment_accounts_terms",
                table: "payment_accounts",
                sql: "case rail\n  when 'Mpesa' then num_nonnulls(kind, base_url, short_code, consumer_key, consumer_secret, passkey, callback_key) = 7\n    and num_nonnulls(secret_key, receipts_to) = 0 and not is_test\n    and num_nonnulls(bank_paybill, bank_account) = case kind when 'BankPaybill' then 2 else 0 end\n    and (kind <> 'BankPaybill' or num_nonnulls(till_number, confirmed_since) = 0)\n  when 'Paystack' then num_nonnulls(base_url, callback_key, secret_key, receipts_to) = 4\n    and num_nonnulls(kind, short_code, till_number, bank_paybill, bank_account, consumer_key, consumer_secret, passkey, confirmed_since) = 0\n  else num_nonnulls(kind, base_url, short_code, till_number, bank_paybill, bank_account, consumer_key, consumer_secret, passkey, callback_key, confirmed_since, secret_key, receipts_to) = 0\n    and not is_test\nend");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_payment_accounts_terms",
                table: "payment_accounts");

            migrationBuilder.DropColumn(
                name: "bank_account",
                table: "payment_accounts");

            migrationBuilder.DropColumn(
                name: "bank_paybill",
                table: "payment_accounts");

            migrationBuilder.AddCheckConstraint(
                name: "ck_payment_accounts_terms",
                table: "payment_accounts",
                sql: "case rail\n  when 'Mpesa' then num_nonnulls(kind, base_url, short_code, consumer_key, consumer_secret, passkey, callback_key) = 7\n    and num_nonnulls(secret_key, receipts_to) = 0 and not is_test\n  when 'Paystack' then num_nonnulls(base_url, callback_key, secret_key, receipts_to) = 4\n    and num_nonnulls(kind, short_code, till_number, consumer_key, consumer_secret, passkey, confirmed_since) = 0\n  else num_nonnulls(kind, base_url, short_code, till_number, consumer_key, consumer_secret, passkey, callback_key, confirmed_since, secret_key, receipts_to) = 0\n    and not is_test\nend");
        }
    }
}
