"""Tickets per second beside other help desks (每秒建单对别家): ours, django-helpdesk, roundup."""
