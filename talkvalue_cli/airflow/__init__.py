"""Imports from Apache Airflow: a connection, an operator, a sensor and a trigger.

Needs the extra `airflow`. Airflow finds it by the entry point `apache_airflow_provider`;
nothing else of this package imports it. `talkvalue help airflow` says how it is used.
"""
