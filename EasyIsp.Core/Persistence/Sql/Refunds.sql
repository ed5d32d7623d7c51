-- A refund that is asked for or settled shows at once; where its money went is never rewritten.
select announce_changes_of('refunds');
revoke update, delete, truncate on refund_steps from easyisp_app, easyisp_platform;

-- Who could take money back may give it back; who manages customers and money approves.
update roles set permissions = permissions || array['RefundsMake'] where permissions @> array['PaymentsReverse'];
update roles set permissions = permissions || array['RefundsApprove'] where permissions @> array['PaymentsReverse', 'CustomersManage'];
